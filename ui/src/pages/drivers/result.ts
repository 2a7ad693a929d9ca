// What `foederis drivers --json` gives, and how it is read.

import type { Rests } from "../../parts/Basis";
import type { ShareRow } from "../../parts/charts/Shares";
import { change, counted, percent, plainName, tidy, withUnit, type Writing } from "../../parts/numbers";
import type { Model } from "../../types";

export interface Slope {
  quantity: string;
  unit: string;
  low: number;
  high: number;
  at_low: number | null;
  at_high: number | null;
  per_unit: number | null;
  is_rough: boolean;
}

interface Row {
  group: string;
  total: number;
  total_low: number;
  total_high: number;
  first: number;
  first_low: number;
  first_high: number;
  shift: number;
  manner: string;
}

export interface DriversResult extends Rests {
  question: string;
  budget: { groups: number; kept: number; base: number; solves: number };
  seed: number;
  mean: number | null;
  p05: number | null;
  p95: number | null;
  left_out: number;
  scale: "amount" | "rank";
  outer_share: number;
  by_themselves: { estimate: number; low: number; high: number };
  shift_noise: number;
  rest: string[];
  slopes: Slope[];
  rows: Row[];
}

/** The quantities of a group: several where the file correlates them. */
export const quantitiesOf = (group: string) => group.replace(/ \(tied\)$/, "").split(" + ");
export const rowsOf = (result: DriversResult) => (result.rest.length ? result.rows.slice(0, -1) : result.rows);
export const matters = (row: Row) => row.manner !== "hardly at all";
const restOf = (result: DriversResult) => (result.rest.length ? result.rows.at(-1)! : null);

const groupText = (group: string) => {
  const names = quantitiesOf(group);
  return names.map(plainName).join(" + ") + (names.length > 1 ? " (tied)" : "");
};

export function sharesOf(result: DriversResult): ShareRow[] {
  const rest = restOf(result);
  const shown = [...rowsOf(result).filter(matters), ...(rest ? [rest] : [])];
  return shown.map((row) => ({
    label: row === rest ? row.group : groupText(row.group),
    total: [row.total, row.total_low, row.total_high],
    first: [row.first, row.first_low, row.first_high],
    manner: row.manner,
    rest: row === rest,
  }));
}

const part = (share: number) => (share <= 0 ? "0 %" : share >= 1 ? "100 %" : percent(share));
const between = (low: number, high: number) => `between ${Math.round(100 * Math.max(0, low))} and ${Math.round(100 * Math.min(1, high))} %`;

/** The result in a few sentences. */
export function conclusion(result: DriversResult): string {
  const [first, ...others] = rowsOf(result).map((row) => ({ ...row, label: groupText(row.group) }));
  if (!first) return "No quantity moves this answer.";
  const spread = result.scale === "rank" ? "of the variance of that rank" : "of the variance of the answer";
  const manner = first.manner.startsWith("too") ? `though it is ${first.manner}` : first.manner;
  let text = `Most hangs on ${first.label}: ${part(first.total)} ${spread} (${between(first.total_low, first.total_high)}), ${manner}.`;
  const next = others.slice(0, 2).filter((other) => other.total >= 0.01);
  if (next.length) text += ` Next ${next.length === 1 ? "comes" : "come"} ${next.map((other) => `${other.label} with ${part(other.total)}`).join(" and ")}.`;
  const alone = result.by_themselves;
  if (others.length) {
    text += ` Known one at a time, all quantities account for ${part(alone.estimate)} of it (${between(alone.low, alone.high)})`;
    text += alone.high >= 1 ? "." : "; the rest comes from several acting together.";
  }
  return text;
}

export const unevenText = (outer: number) =>
  `This answer is very uneven: one world in twenty makes ${percent(outer)} of its variance. So all shares here are of the variance of its rank: which worlds have more of it, not how much.`;

export function restText(result: DriversResult): string {
  const rest = restOf(result)!;
  return `A screening left out ${counted(result.rest.length, "quantity").replace("quantitys", "quantities")}. What it may have missed: ${part(rest.total)} of the variance (${between(rest.total_low, rest.total_high)}) hangs on all of them together, and no more than that on any of them.`;
}

const isPercentage = (model: Model, name: string) => model.quantities.find((one) => one.name === name)?.family === "logitnormal";
export function rangeText(model: Model, slope: Slope): string {
  const percentage = isPercentage(model, slope.quantity);
  const [low, high] = [slope.low, slope.high].map((value) => (percentage ? percent(value) : tidy(value)));
  return `${low} to ${withUnit(high!, percentage ? "" : slope.unit)}`;
}

/** What one more of a quantity does, in steps that are small beside its range. */
export function stepText(model: Model, slope: Slope, writing: Writing): string {
  if (slope.per_unit === null) return slope.high > slope.low ? "it takes separate values" : "one value in its middle 90 %";
  const percentage = isPercentage(model, slope.quantity);
  const scale = percentage ? 0.01 : 1;
  const step = 10 ** Math.floor(Math.log10((slope.high - slope.low) / scale / 3));
  const unit = percentage ? "percentage points" : slope.unit;
  const effect = slope.per_unit * scale * step;
  const shown = writing.share ? `${change(effect)} percentage points` : withUnit(tidy(effect, true), writing.unit);
  const per = step === 1 && unit ? unit.replace(/s$/, "") : `${Number(step.toPrecision(3))} ${unit}`.trim();
  return `${shown} per ${per}${slope.is_rough ? " (rough: it bends or jumps there)" : ""}`;
}

/** Which way a quantity moves the answer, in words. */
export function directionText(slope: Slope, writing: Writing): string {
  if (slope.at_low === null || slope.at_high === null) return "There is no answer at an end of its range.";
  const gap = slope.at_high - slope.at_low;
  const size = writing.share ? Math.abs(gap) * 100 : Math.abs(gap);
  if (writing.share ? size < 0.05 : size <= 1e-9 * Math.max(1, Math.abs(slope.at_low))) return "By itself it changes nothing.";
  const bends = slope.per_unit !== null && Math.sign(slope.per_unit) === -Math.sign(gap);
  return `More of it, and the answer ${gap > 0 ? "rises" : "falls"}${bends ? " over the whole range, but not all the way" : ""}.`;
}
