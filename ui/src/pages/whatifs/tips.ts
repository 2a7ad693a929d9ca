// What `foederis tipping --json` gives, and how it is read.

import type { Rests } from "../../parts/Basis";
import { plainName, withUnit, type Writing } from "../../parts/numbers";

interface TipRow {
  quantity: string;
  unit: string;
  low: number;
  high: number;
  others: "medians" | "mean";
  value: number | null;
  before: string | null;
  after: string | null;
  last: number | null;
  p05: number | null;
  p95: number | null;
}

export interface Line {
  values: number[];
  answers: (number | null)[];
  mean_values: number[] | null;
  mean_answers: (number | null)[] | null;
}

export interface TippingResult extends Rests {
  when: string;
  at_median: number | null;
  mean: number | null;
  draws: number;
  left_out: number;
  lines: Record<string, Line>;
  rows: TipRow[];
}

export const crossings = (result: TippingResult) => result.rows.filter((row) => row.value !== null);
export const tippers = (result: TippingResult) => [...new Set(crossings(result).map((row) => row.quantity))];

/** How values of a quantity are written. */
type Amount = (value: number | null) => string;

/** A crossing in words: where, and from what to what. */
function crossingText(row: TipRow, amount: Amount): string {
  const there = row.last === null ? amount(row.value) : `between ${amount(row.last)} and ${amount(row.value)}`;
  const band = row.p05 !== null && row.p95 !== null && row.p05 !== row.p95 ? ` (${amount(row.p05)} to ${amount(row.p95)} over samples of the worlds)` : "";
  const about = row.others === "mean" && row.last === null ? "about " : "";
  return `${about}${withUnit(there, row.unit)}${band}, from ${row.before} to ${row.after}`;
}

export function tipSentence(result: TippingResult, quantity: string, amount: Amount): string {
  const mine = crossings(result).filter((row) => row.quantity === quantity);
  const [medians, mean] = (["medians", "mean"] as const).map((others) => mine.filter((row) => row.others === others).map((row) => crossingText(row, amount)).join("; then "));
  const parts = [medians && `with all others at their medians at ${medians}`, mean && `on average over worlds at ${mean}`].filter(Boolean);
  return `${plainName(quantity)}: ${parts.join("; ")}.`;
}

export function stands(result: TippingResult, writing: Writing): string {
  const say = (value: number | null) => withUnit(writing.value(value), writing.unit);
  return `At the medians it is ${say(result.at_median)}, on average over worlds ${say(result.mean)}.`;
}

/** Quantities that cannot change it, those that move it farthest first. */
export function without(result: TippingResult): string[] {
  const found = new Set(tippers(result));
  const spread = (line: Line) => {
    const known = line.answers.filter((answer): answer is number => answer !== null);
    return known.length ? Math.max(...known) - Math.min(...known) : 0;
  };
  return Object.entries(result.lines).filter(([name]) => !found.has(name)).sort(([, one], [, other]) => spread(other) - spread(one)).map(([name]) => name);
}
