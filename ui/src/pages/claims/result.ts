// What `foederis claims --json` gives, gathered claim by claim.

import type { Rests } from "../../parts/Basis";
import { listed, percent, plainName, points, withUnit, writingOf, type Question } from "../../parts/numbers";

export type Verdict = "holds" | "fails" | "undecided";

interface Premise {
  quantity: string;
  end: "low" | "high";
  value: number;
  unit: string;
}

interface Apart {
  quantity: string;
  distance: number;
  met: number;
  unmet: number;
  unit: string;
}

export interface ClaimRow {
  claim: string;
  verdict: Verdict;
  agree: number | null;
  what_if: string | null;
  against: string | null;
  question: string;
  expected: string;
  question_verdict: Verdict;
  question_agree: number | null;
  mean: number | null;
  p05: number | null;
  p95: number | null;
  left_out: number;
  at_median: boolean | null;
  premises: Premise[];
  apart: Apart[];
  imposed_open: Record<string, Record<string, { mean: number | null }>>;
  asked_differently: Record<string, string[]>;
}

export interface ClaimsResult extends Rests {
  draws: number;
  holds: number;
  fails: number;
  undecided: number;
  rows: ClaimRow[];
}

/** The rows of each claim; what holds for the whole claim stands in all of them. */
export function claimsOf(result: ClaimsResult): ClaimRow[][] {
  const found = new Map<string, ClaimRow[]>();
  for (const row of result.rows) found.set(row.claim, [...(found.get(row.claim) ?? []), row]);
  return [...found.values()];
}

export function countText({ holds, fails, undecided }: ClaimsResult): string {
  const number = holds + fails + undecided;
  const parts = [`${holds} ${holds === 1 ? "holds" : "hold"}`, `${fails} ${fails === 1 ? "fails" : "fail"}`, `${undecided} ${undecided === 1 ? "is" : "are"} undecided`];
  return `${number} claim${number === 1 ? "" : "s"}: ${parts.join(", ")}.`;
}

/** Whether what was measured is an answer and not a difference. */
export const isLevel = (row: ClaimRow) => /^(above|below)/.test(row.expected);

/** What is expected, in the question's own unit: `above 50 %`, `same within 2 percentage points`. */
export function expectedText(row: ClaimRow, question: Question | undefined): string {
  const parts = /^(.*?) ([-+\d.e]+)$/.exec(row.expected);
  if (!parts) return row.expected;
  const writing = writingOf(question);
  const amount = Number(parts[2]);
  if (!writing.share) return `${parts[1]} ${withUnit(points(amount), writing.unit)}`;
  return isLevel(row) ? `${parts[1]} ${percent(amount)}` : `${parts[1]} ${Number((100 * amount).toPrecision(6))} percentage points`;
}

export function measured(row: ClaimRow, question: Question | undefined): { mean: string; band: string } {
  const writing = writingOf(question);
  const write = isLevel(row) ? writing.value : writing.gap;
  const unit = isLevel(row) ? writing.unit : writing.gapUnit;
  const band = row.p05 === row.p95 ? "" : `${write(row.p05)} to ${write(row.p95)}`;
  return { mean: withUnit(write(row.mean), unit), band };
}

/** What would overturn the claim where all quantities are at their medians, or bring it about. */
export function medianText(row: ClaimRow): string {
  if (row.at_median === null) return "Where every quantity is at its median, what is given never holds, so it is neither met nor not.";
  const state = row.at_median ? "It is met" : "It is not met";
  if (!row.premises.length) return `${state} where every quantity is at its median, and no single quantity within its range changes that.`;
  return `${state} where every quantity is at its median. What would ${row.at_median ? "overturn it" : "bring it about"}, each alone:`;
}

export function apartText(row: ClaimRow): string {
  if (!row.apart.length) return "";
  const named = row.apart.slice(0, 4).map((one) => {
    const values = `${points(one.unmet)} against ${points(one.met)}`;
    return `${plainName(one.quantity)} is ${one.unmet < one.met ? "lower" : "higher"} (${withUnit(values, one.unit)})`;
  });
  return `What sets the worlds apart in which it is not met: ${listed(named)}. These are medians there and elsewhere.`;
}

export function notes(row: ClaimRow, nameOf: (whatIf: string) => string): string[] {
  const found: string[] = [];
  for (const [name, moves] of Object.entries(row.imposed_open))
    for (const [move, share] of Object.entries(moves))
      if (share.mean !== null && share.mean < 0.9995) found.push(`${nameOf(name)}: ${move} was open with probability ${percent(share.mean)}; elsewhere play goes on as it was.`);
  for (const [name, questions] of Object.entries(row.asked_differently))
    found.push(`${nameOf(name)}: asked in other words or under other conditions: ${listed(questions.map(plainName))}.`);
  return found;
}
