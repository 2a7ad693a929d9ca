// Words for answers, as the package's own reports have them.

import type { Answer, Estimate, Reply } from "../types";
import { isEstimate } from "./common";
import { type Question, withUnit, writingOf, type Writing } from "./numbers";

// Upper ends of the ranges of Intelligence Community Directive 203 (2015), D.6.e.(2)(a), as the package has them.
const WORDS: [number, string][] = [
  [0.05, "almost no chance"],
  [0.2, "very unlikely"],
  [0.45, "unlikely"],
  [0.55, "roughly even chance"],
  [0.8, "likely"],
  [0.95, "very likely"],
  [1, "almost certain"],
];

export function wordFor(share: number | null | undefined): string {
  if (share === null || share === undefined) return "no answer";
  return (WORDS.find(([top]) => share < top) ?? WORDS.at(-1)!)[1];
}

/** How points of actors are written. */
export const POINTS: Writing = { ...writingOf({ form: "expected", unit: "" }), unit: "points", gapUnit: "points" };
export const SHARE: Writing = writingOf(undefined);

/** What asks for one number, a probability or an amount. */
export const hasNumber = (question: Question) => question.form !== "first";

interface Difference {
  sign: "▲" | "▼" | "=";
  size: string;
  words: string;
}

/** How far an answer is from another; null where one of them is missing. */
export function differs(now: Reply | undefined, before: Reply | undefined, writing: Writing): Difference | null {
  if (!isEstimate(now) || !isEstimate(before) || now.mean === null || before.mean === null) return null;
  const gap = now.mean - before.mean;
  // What would be written as nothing is nothing.
  if (writing.share ? Math.abs(gap) < 0.0005 : Math.abs(gap) < 0.0005 * Math.max(Math.abs(now.mean), Math.abs(before.mean)))
    return { sign: "=", size: "", words: "no difference" };
  const size = writing.gap(gap);
  const words = `${withUnit(size.replace(/^[+−]/, ""), writing.gapUnit)} ${gap > 0 ? "higher" : "lower"}`;
  return { sign: gap > 0 ? "▲" : "▼", size, words };
}

/** Whether all worlds give the same answer, as far as it is written. */
export const sure = ({ p05, p95 }: Estimate) => p05 !== null && p95 !== null && Math.abs(p95 - p05) <= 1e-9 * Math.max(Math.abs(p05), Math.abs(p95));

export function bandText(reply: Estimate | undefined, writing: Writing): string {
  if (!reply || reply.p05 === null || reply.p95 === null) return "";
  if (sure(reply)) return "the same in all";
  const low = writing.value(reply.p05);
  const high = writing.value(reply.p95);
  return low === high ? low : `${low} to ${high}`;
}

/** A small number as people read it aloud: `2 × 10⁻¹⁶`. */
export function scientific(value: number): string {
  if (value === 0) return "0";
  const [digits, power] = value.toExponential(0).split("e") as [string, string];
  const raised = String(Number(power)).replace(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]!));
  return `${digits} × 10${raised}`;
}

export const RESIDUAL_LIMIT = 1e-9;

/** What the check of an answer said. */
export function checked(answer: Answer): { good: boolean; text: string } {
  const { residual } = answer.check;
  if (residual === null || residual === undefined) return { good: false, text: "not checked" };
  const good = residual <= RESIDUAL_LIMIT;
  const says = `residual ${scientific(residual)}`;
  return { good, text: good ? `checked, ${says}` : `the check failed: ${says}, limit 10⁻⁹` };
}
