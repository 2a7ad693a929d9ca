// Answers while a hand turns a number. A few worlds give an answer that lies beside that of many worlds; the
// difference that a change makes is far better known than either. So what is shown meanwhile is the settled answer of
// the saved file, moved by the difference in the few worlds: nothing jumps when the hand starts or stops.

import type { Answer } from "../types";

type Shape = number | null | string | boolean | undefined | Shape[] | { [key: string]: Shape };

const shape = (value: unknown) => value as Shape;

function isMap(value: Shape): value is { [key: string]: Shape } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** saved + (now − base), place by place; now alone where one of the others lacks the place. */
function moved(now: Shape, base: Shape, saved: Shape, share: boolean): Shape {
  if (typeof now === "number") {
    if (typeof base !== "number" || typeof saved !== "number") return now;
    const value = saved + (now - base);
    return share ? Math.min(1, Math.max(0, value)) : value;
  }
  if (Array.isArray(now)) {
    if (!Array.isArray(base) || !Array.isArray(saved) || saved.length !== now.length) return now;
    return now.map((one, place) => moved(one, base[place], saved[place], share));
  }
  if (!isMap(now) || !isMap(base) || !isMap(saved)) return now;
  return Object.fromEntries(Object.entries(now).map(([key, one]) => [key, moved(one, base[key], saved[key], share)]));
}

/** The ends of a band keep their order, whatever the few worlds say. */
function ordered(value: Shape): Shape {
  if (!isMap(value)) return value;
  const { p05, p50, p95 } = value;
  if (typeof p05 !== "number" || typeof p50 !== "number" || typeof p95 !== "number")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, ordered(one)]));
  const [low, middle, high] = [p05, p50, p95].sort((a, b) => a - b);
  return { ...value, p05: low, p50: middle, p95: high };
}

export function steady(now: Answer, base: Answer, saved: Answer, isShare: (question: string) => boolean): Answer {
  const part = (key: "values" | "first_moves" | "through_time", share: boolean) =>
    ordered(moved(shape(now[key]), shape(base[key]), shape(saved[key]), share));
  const questions = Object.fromEntries(
    Object.entries(now.questions).map(([name, reply]) => {
      const found = moved(shape(reply), shape(base.questions[name]), shape(saved.questions[name]), isShare(name));
      return [name, ordered(found)];
    }),
  );
  return {
    ...now,
    questions: questions as unknown as Answer["questions"],
    values: part("values", false) as unknown as Answer["values"],
    first_moves: part("first_moves", true) as unknown as Answer["first_moves"],
    through_time: part("through_time", true) as unknown as Answer["through_time"],
  };
}
