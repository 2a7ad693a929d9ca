// The what-ifs of `foederis solve --json`, and how they are read.

import type { Writing } from "../../parts/numbers";
import type { Answer, Reply } from "../../types";
import { isEstimate } from "../../parts/common";
import { withUnit } from "../../parts/numbers";

export interface Compared {
  questions: Record<string, Reply>;
  difference: Record<string, Reply>;
  imposed_open?: Record<string, { mean: number | null }>;
  asked_differently?: string[];
}

export type WhatIfsAnswer = Omit<Answer, "what_ifs"> & { what_ifs: Record<string, Compared> };

/** The one number that stands for an answer: the mean, or the probability of never. */
export const numberOf = (reply: Reply | undefined) => (reply === undefined ? null : isEstimate(reply) ? reply.mean : reply.never);

/** Whether a difference is told from nothing: the middle 90 % of worlds lie on one side. */
export function standsOut(reply: Reply | undefined): boolean {
  if (!isEstimate(reply) || reply.p05 === null || reply.p95 === null) return false;
  return reply.p05 > 1e-9 || reply.p95 < -1e-9;
}

/** A difference beside its answer: what would not show in it is about nothing. */
export function gapText(gap: number | null, answer: number | null, writing: Writing): string {
  if (gap === null) return "–";
  const little = writing.share ? 0.0005 : 0.0005 * Math.abs(answer ?? 0);
  if (Math.abs(gap) < 1e-9) return "0";
  return Math.abs(gap) < little ? "≈ 0" : writing.gap(gap);
}

export function bandOf(reply: Reply | undefined, answer: number | null, writing: Writing): string {
  if (!isEstimate(reply) || reply.p05 === null || reply.p05 === reply.p95) return "";
  const [low, high] = [gapText(reply.p05, answer, writing), gapText(reply.p95, answer, writing)];
  // Beside a difference of about nothing it says nothing more.
  return low === high ? "" : `${low} to ${high}`;
}

/** Why an answer of this page may differ from that of the same what-if switched on; empty where it does not. */
export const switchedText = (observed: number) =>
  observed
    ? "Each what-if is held against the file in the same worlds, and each world counts here by what was observed in the file as it stands. " +
      "A what-if that is switched on belongs to the case: worlds are weighed anew under it, and the answer may differ from the one here."
    : "";

/** What the what-ifs do to an answer, in a sentence. */
export function finding(answer: WhatIfsAnswer, names: string[], question: string, writing: Writing, nameOf: (name: string) => string, base: string): string {
  const known = names
    .map((name) => ({ name, reply: answer.what_ifs[name]?.difference[question] }))
    .filter(({ reply }) => isEstimate(reply) && reply.mean !== null)
    .sort((one, other) => Math.abs(numberOf(other.reply)!) - Math.abs(numberOf(one.reply)!));
  const found = answer.questions[question];
  const now = withUnit(writing.value(numberOf(answer.questions[question])), writing.unit);
  if (found && !isEstimate(found)) return `With probability ${now} it never happens, ${base}. How far the what-ifs move that stands below.`;
  if (!known.length) return `The answer is ${now}.`;
  const first = known[0]!;
  const gap = numberOf(first.reply)!;
  const text = `The answer is ${now} ${base}. `;
  if (Math.abs(gap) < 1e-9) return `${text}None of these what-ifs changes it.`;
  const size = withUnit(writing.gap(gap).replace(/^[+−]/, ""), writing.gapUnit);
  const open = known.filter(({ reply }) => !standsOut(reply)).length;
  const rest = open ? ` Under ${open} of the ${known.length} what-ifs worlds do not agree on the sign, or there is no difference.` : "";
  return `${text}Most is done by “${nameOf(first.name)}”: ${size} ${gap > 0 ? "more" : "less"}.${rest}`;
}
