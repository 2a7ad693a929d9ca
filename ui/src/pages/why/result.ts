// What `foederis why --json` gives, and how it is read.

import { capital, fixed, percent, placesFor, plainName, quoted, quotedFirst } from "../../parts/numbers";
import type { Rests } from "../../parts/Basis";
import type { Estimate } from "../../types";

interface WhyOption {
  share: Estimate;
  best: Estimate;
  gap: Estimate;
  at_once: Estimate;
  this_step: Estimate;
  later: Estimate;
  left_out: number;
}

export interface WhyRow {
  type?: string;
  option: string;
  against: string;
  kind: "interest" | "treaty" | "price" | "received";
  part: string;
  paid: "with_the_move" | "each_step" | "at_end";
  mean: number | null;
  p05: number | null;
  p95: number | null;
}

interface Facts {
  check?: { residual?: number | null };
  decides: Estimate;
  most_likely: string;
  options: Record<string, WhyOption>;
}

export interface WhyResult extends Rests, Partial<Facts> {
  actor: string;
  turn: string;
  step: number;
  imposed: string | null;
  draws: number;
  types?: Record<string, Facts>;
  rows: WhyRow[];
}

/** One actor, or one of its types: its options, the likeliest first, and the parts of each. */
export interface Told extends Facts {
  type: string | null;
  rows: WhyRow[];
}

export function toldOf(result: WhyResult): Told[] {
  if (!result.types) return [{ ...(result as Facts), type: null, rows: result.rows }];
  return Object.entries(result.types).map(([type, facts]) => ({ ...facts, type, rows: result.rows.filter((row) => row.type === type) }));
}

/** The largest residual of all that was solved; null where one of them is no number. */
export function residualOf(result: WhyResult): number | null {
  const found = toldOf(result).map((told) => told.check?.residual);
  return found.some((one) => one === null) ? null : Math.max(0, ...found.map((one) => one ?? 0));
}

export const partsOf = (told: Told, option: string) => told.rows.filter((row) => row.option === option && row.mean !== null);

/** A part in words. */
export function partText(row: WhyRow): string {
  const [turn = "", branch = ""] = row.part.includes(".") ? row.part.split(".", 2) : ["", row.part];
  if (row.kind === "price") return `the price of ${quoted(branch)}`;
  if (row.kind === "received") return turn === branch ? `what ${plainName(branch)} brings` : `what ${plainName(turn)} brings by ${quoted(branch)}`;
  return row.kind === "treaty" ? `the treaty ${plainName(row.part)}` : plainName(row.part);
}

export function paidText(row: WhyRow): string {
  if (row.paid === "at_end") return "at the end";
  return row.kind === "price" || row.kind === "received" ? "when it happens" : "each step";
}

/** Decimals with which an option's gap and its parts can be compared and added. */
export const placesOf = (told: Told, option: string) =>
  placesFor(Math.max(Math.abs(told.options[option]!.gap.mean ?? 0), ...partsOf(told, option).map((row) => Math.abs(row.mean!))));

function named(rows: WhyRow[], places: number, most: number): string {
  const sums = rows.slice(0, most).map((row) => [fixed(Math.abs(row.mean!), places), partText(row)] as const);
  const rest = rows.slice(most).reduce((sum, row) => sum + row.mean!, 0);
  return [...sums, [fixed(Math.abs(rest), places), "the rest"] as const]
    .filter(([amount]) => amount !== "0")
    .map(([amount, what]) => `${amount} for ${what}`)
    .join(", ");
}

/** `“Intervene” costs Russia 23.7 points more than “mediate”: 11.7 for the price of “intervene”, …; it would save …` */
export function paragraph(actor: string, told: Told, option: string): string {
  const { gap } = told.options[option]!;
  const [name, usual, who] = [quotedFirst(option), quoted(told.most_likely), capital(plainName(actor))];
  if (gap.mean === null) return `${name} and ${usual} are never open together there.`;
  const places = placesOf(told, option);
  const rows = partsOf(told, option);
  const [against, forIt] = [rows.filter((row) => row.mean! > 0), rows.filter((row) => row.mean! < 0)];
  const dearer = gap.mean >= 0;
  const [ahead, behind] = (dearer ? [against, forIt] : [forIt, against]).map((some) => named(some, places, 4));
  const much = `${fixed(Math.abs(gap.mean), places)} points more than ${usual}`;
  const band = gap.p05 === gap.p95 ? "" : ` (middle 90 % of worlds: ${fixed(gap.p05, places, true)} to ${fixed(gap.p95, places, true)})`;
  const says = dearer ? `costs ${who} ${much}` : `would bring ${who} ${much}`;
  return `${name} ${says}${band}${ahead ? `: ${ahead}` : ""}${behind ? `; it would ${dearer ? "save" : "cost"} ${behind}` : ""}.`;
}

/** The largest part, and the next where it is not small beside it. */
const chief = (rows: WhyRow[]) => rows.slice(0, 2).filter((row) => Math.abs(row.mean!) >= 0.25 * Math.abs(rows[0]!.mean!)).map(partText);

/** Why the likeliest option is taken, against the one that comes next, and what would have to change. */
export function finding(actor: string, told: Told): string[] {
  const usual = told.most_likely;
  const who = `${capital(plainName(actor))}${told.type ? `, if it is ${plainName(told.type)},` : ""}`;
  const first = `${who} most likely chooses ${quoted(usual)}: ${percent(told.options[usual]!.share.mean)} of the times it decides.`;
  const next = Object.keys(told.options).find((option) => option !== usual && told.options[option]!.gap.mean !== null);
  if (!next) return [first];
  const places = placesOf(told, next);
  const rows = partsOf(told, next);
  const gap = told.options[next]!.gap.mean!;
  const most = chief(rows.filter((row) => row.mean! > 0));
  const less = chief(rows.filter((row) => row.mean! < 0));
  const against = less.length ? `What speaks for ${quoted(next)} is ${less.join(" and ")}.` : "";
  const amount = fixed(Math.abs(gap), places);
  const best = `${quoted(usual)} is its best reply in ${percent(told.options[usual]!.best.mean)} of worlds`;
  if (amount === "0" || gap <= 0) {
    const level = amount === "0" ? `${quotedFirst(next)} is worth as much on average` : `On average ${quoted(next)} is worth ${amount} points more`;
    return [first, `${level}; which of the two is better differs from world to world, and ${best}.`, `${most.length ? `What speaks for ${quoted(usual)} is ${most.join(" and ")}. ` : ""}${against}`];
  }
  const why = most.length ? `Mostly because of ${most.join(" and ")}, compared with ${quoted(next)}, which comes next.` : `${quotedFirst(next)} comes next.`;
  const tips = `${against ? `${against} ` : ""}What would tip it: ${amount} points more for ${quoted(next)}, or less for ${quoted(usual)}; ${best}.`;
  return [first, why, tips];
}
