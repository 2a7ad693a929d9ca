// Axes that rows share: where a number stands, and which ticks are drawn.

import type { Estimate } from "../../types";
import { tidy } from "../numbers";
import { SHARE } from "../words";
import type { Writing } from "../numbers";

export interface Axis {
  writing: Writing;
  to: (value: number) => number;
  ticks: { at: number; text: string }[];
}

/** A round step, 1, 2 or 5 times a power of ten, of which about so many fit. */
function roundStep(span: number, about = 5): number {
  const raw = span / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find((one) => one * power >= raw) ?? 10);
}

export const SHARES: Axis = {
  writing: SHARE,
  to: (value) => value,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100} %` })),
};

/** An axis that holds all that is given and 0, from one round number to another. */
export function axisFor(replies: (Estimate | undefined)[], writing: Writing): Axis {
  const numbers = replies.flatMap((one) => [one?.p05, one?.mean, one?.p95]).filter((x): x is number => typeof x === "number");
  const ends = [Math.min(0, ...numbers), Math.max(0, ...numbers)] as const;
  const step = roundStep(ends[1] - ends[0] || 1);
  const first = Math.floor(ends[0] / step);
  const last = Math.max(Math.ceil(ends[1] / step), first + 1);
  const to = (value: number) => (value / step - first) / (last - first);
  const ticks = Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step);
  return { writing, to, ticks: ticks.map((at) => ({ at: to(at), text: tidy(Number(at.toPrecision(12))) })) };
}
