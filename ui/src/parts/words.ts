// Words and numbers of answers.

import type { Answer, Model, Reply } from "../types";
import { isEstimate, say } from "./common";

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
  if (share === null || share === undefined) return "";
  return (WORDS.find(([top]) => share < top) ?? WORDS.at(-1)!)[1];
}

type Question = Model["questions"][number];

/** The unit of a question's answer; "%" for a probability. */
export const unitOf = (question: Question | undefined) => (question?.form === "expected" ? question.unit : "%");

/** What is asked, for readers: the author's words, or else the name. */
export const asked = (question: Question | undefined) => question?.says || question?.name || "";

/** A name of the file as words. */
export const plain = (name: string) => name.replaceAll("_", " ");

export interface Difference {
  sign: "▲" | "▼" | "=";
  /** Its size with its unit, without a sign. */
  size: string;
  words: string;
}

/** How far an answer is from another, in the unit's own points; null where one of them is missing. */
export function differs(now: Reply | undefined, before: Reply | undefined, unit: string): Difference | null {
  if (!isEstimate(now) || !isEstimate(before) || now.mean === null || before.mean === null) return null;
  const change = now.mean - before.mean;
  const shown = unit === "%" ? Math.abs(change) * 100 : Math.abs(change);
  const nothing = unit === "%" ? shown < 0.05 : shown <= 1e-9 * Math.max(1, Math.abs(before.mean));
  if (nothing) return { sign: "=", size: "", words: "no difference" };
  const size = unit === "%" ? shown.toFixed(1) : say(shown, "");
  const of = unit === "%" ? "percentage points" : unit;
  return {
    sign: change > 0 ? "▲" : "▼",
    size: `${change > 0 ? "+" : "−"}${size}`,
    words: `${size} ${of} ${change > 0 ? "higher" : "lower"}`,
  };
}

export function bandText(reply: Reply | undefined, unit: string): string {
  if (!isEstimate(reply) || reply.p05 === null || reply.p95 === null) return "";
  if (reply.p05 === reply.p95) return "the same in every world";
  return `${say(reply.p05, unit)} to ${say(reply.p95, unit)}`;
}

/** A small number as people read it aloud: `2 × 10⁻¹⁶`. */
export function scientific(value: number): string {
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)));
  const raised = String(power).replace(/./g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!));
  return `${Math.round(value / 10 ** power)} × 10${raised}`;
}

export const RESIDUAL_LIMIT = 1e-9;

/** What the check of an answer said. */
export function checked(answer: Answer): string {
  const { residual } = answer.check;
  if (residual === null || residual === undefined) return "not checked";
  return residual <= RESIDUAL_LIMIT
    ? `checked: residual ${scientific(residual)} of the range of payoffs`
    : `check failed: residual ${scientific(residual)}, limit 10⁻⁹`;
}
