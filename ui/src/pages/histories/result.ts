// What `foederis histories --json` gives, told step by step.

import type { Rests } from "../../parts/Basis";
import { counted, percent, plainName, points, questionText, withUnit, writingOf } from "../../parts/numbers";
import type { Model } from "../../types";

export interface Happening {
  history: number;
  step: number;
  date: string | null;
  kind: "move" | "event";
  name: string;
  actor: string | null;
  what: string;
  says: string | null;
  chance: number;
  share: number;
  changes: string | null;
  imposed: boolean;
  news: boolean;
  believed?: number | null;
}

export interface History {
  history: number;
  world: number | null;
  types?: Record<string, string>;
  final: Record<string, string>;
  losses: Record<string, number>;
  answers: Record<string, boolean | number | string | null>;
}

export interface HistoriesResult extends Rests {
  seed: number;
  given: string | null;
  most_likely: boolean;
  worlds: number;
  probability: number;
  chance: number | null;
  histories: History[];
  rows: Happening[];
}

/** A step in which something is news, or a quiet stretch. */
export type Told = { step: number; date: string | null; news: Happening[] } | { step: number; quiet: number };

export function tell(result: HistoriesResult, history: number, steps: number): Told[] {
  const told: Told[] = [];
  let next = 0;
  for (const row of result.rows) {
    if (row.history !== history || !row.news) continue;
    const last = told.at(-1);
    if (last && "news" in last && last.step === row.step) {
      last.news.push(row);
      continue;
    }
    if (row.step > next) told.push({ step: next, quiet: row.step - next });
    told.push({ step: row.step, date: row.date, news: [row] });
    next = row.step + 1;
  }
  if (next < steps) told.push({ step: next, quiet: steps - next });
  return told;
}

const WRITTEN = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export const dateText = (date: string | null) => {
  const day = date ? new Date(`${date}T00:00:00Z`) : null;
  return day && !Number.isNaN(day.getTime()) ? WRITTEN.format(day) : (date ?? "");
};

export function quietText(count: number, unit: string): string {
  const found = /^1? ?(hour|day|week|month|quarter|year)s?$/.exec(unit.trim());
  return `${counted(count, `quiet ${found ? found[1] : "step"}`)}: nothing new.`;
}

/** A happening as a clause. */
export function whatText(row: Happening): string {
  if (!row.actor) return row.what === row.name ? plainName(row.name) : `${plainName(row.name)}: ${plainName(row.what)}`;
  const turn = row.name === row.actor ? "" : ` (${plainName(row.name)})`;
  return `${plainName(row.actor)}${turn}: ${row.says ?? plainName(row.what)}`;
}

export const likelyText = (row: Happening) => (row.imposed ? "imposed" : percent(row.share));

export function conclusion(result: HistoriesResult, model: Model): string {
  const question = model.questions.find((one) => one.name === result.given);
  const asked = question ? questionText(question) : "";
  const likely = small(result.probability);
  if (result.chance !== null && question) {
    const part = result.chance / result.probability;
    const has = part < 1 - 1e-9 ? `it has ${percent(part)} of that probability` : "and there is no other";
    return `${asked.replace(/[?]?$/, "?")} Yes with probability ${likely}, where every quantity stands at its median. Of all histories in which it is, this is the most likely one; ${has}.`;
  }
  if (result.chance !== null) return `The most likely history where every quantity stands at its median. Its probability is ${small(result.chance)}.`;
  const drawn = `${counted(result.histories.length, "history").replace("historys", "histories")} drawn at random from the solved game, each in a possible world of its own (seed ${result.seed}).`;
  return question ? `${asked.replace(/[?]?$/, "?")} Yes with probability ${likely}, over ${counted(result.worlds, "possible world")}. ${drawn}` : drawn;
}

const small = (share: number) => (share >= 0.0005 || share === 0 ? percent(share) : `${(100 * share).toPrecision(1)} %`);

/** How it ended, as far as it differs from the start. */
export function endingText(result: HistoriesResult, history: History, model: Model): string[] {
  const moved = new Map<string, string>();
  for (const row of result.rows)
    if (row.history === history.history && row.changes)
      for (const change of row.changes.split(", ")) {
        const [name = "", way = ""] = change.split(": ");
        if (!moved.has(name)) moved.set(name, way.split(" → ")[0]!);
      }
  const changed = [...moved].filter(([name, start]) => history.final[name] !== undefined && history.final[name] !== start);
  const lost = Object.entries(history.losses).filter(([, amount]) => amount > 0);
  const exposure = (name: string) => model.exposures.find((one) => one.name === name);
  return [
    changed.length ? `At the end: ${changed.map(([name]) => `${plainName(name)} ${plainName(history.final[name]!)}`).join(", ")}; the rest as at the start.` : "At the end all is as at the start.",
    lost.length ? `Lost: ${lost.map(([name, amount]) => `${plainName(name)} ${withUnit(points(amount), exposure(name)?.unit ?? "")} (${plainName(exposure(name)?.holder ?? "")})`).join(", ")}.` : "",
  ].filter(Boolean);
}

/** The answer to a question in this one history. */
export function answerText(value: boolean | number | string | null, question: Model["questions"][number]): string {
  if (value === null) return "no answer";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  const writing = writingOf(question);
  return writing.share ? percent(value) : withUnit(points(value), writing.unit);
}
