// Numbers and names in words, as the package's own reports write them.

import type { Model } from "../types";

/** What is no number is told as a dash. */
const missing = (value: number | null | undefined): value is null | undefined => value === null || value === undefined || Number.isNaN(value);

const minus = (text: string) => text.replace("-", "−");

/** So many decimals; what lies exactly in the middle goes to the even digit, as in Python, so that page and reports agree. */
function rounded(value: number, places: number): string {
  let text = value.toFixed(places);
  // All digits of the number as it is kept; in the middle lies what goes on with a 5 and nothing else.
  const rest = Math.abs(value).toFixed(100).split(".")[1]?.slice(places) ?? "";
  const odd = "13579".includes(text.at(-1)!);
  if (/^50*$/.test(rest) && odd) text = (Math.sign(value) * (Math.abs(Number(text)) - 10 ** -places)).toFixed(places);
  return Number(text).toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A probability as a percentage: more digits near 0 and 100 %, never rounded to either. */
export function percent(share: number | null | undefined): string {
  if (missing(share)) return "–";
  if (share <= 0 || share >= 1) return `${share <= 0 ? 0 : 100} %`;
  if (share < 0.0005) return "< 0.1 %";
  if (share > 0.9995) return "> 99.9 %";
  return Math.min(share, 1 - share) < 0.0995 ? `${rounded(100 * share, 1)} %` : `${rounded(100 * share, 0)} %`;
}

/** A number with three significant digits. */
export function points(value: number | null | undefined, signed = false): string {
  if (missing(value)) return "–";
  if (Math.abs(value) < 1e-12) return "0";
  const size = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
  const sign = signed && value > 0 ? "+" : "";
  if (size < -6 || size > 14) return sign + minus(value.toExponential(2)).replace("e-", "e−").replace("e+", "e");
  const digits = Math.max(0, 2 - size);
  return sign + minus(rounded(value, digits));
}

/** As points, without noughts at the end: 0.2, 1,500. */
export function tidy(value: number | null | undefined, signed = false): string {
  const text = points(value, signed);
  const [digits = "", power] = text.split("e");
  return (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits) + (power === undefined ? "" : `e${power}`);
}

/** A difference of probabilities in percentage points: one decimal, or two digits where that would be 0. */
export function change(difference: number | null | undefined): string {
  if (missing(difference)) return "–";
  const size = Math.abs(difference);
  if (size < 1e-8) return "0";
  const digits = size >= 0.0005 ? 1 : 1 - Math.floor(Math.log10(100 * size));
  return `${difference > 0 ? "+" : "−"}${rounded(100 * size, digits)}`;
}

/** How many decimals numbers need that stand beside one of this size. */
export function placesFor(largest: number): number {
  if (!(largest > 0)) return 0;
  const size = Math.floor(Math.log10(largest));
  return Math.min(6, Math.max(0, size >= 0 ? 2 - size : 1 - size));
}

/** A number with so many decimals; what rounds to nothing is 0. */
export function fixed(value: number | null | undefined, places: number, signed = false): string {
  if (missing(value)) return "–";
  const text = rounded(value, places);
  if (!/[1-9]/.test(text)) return "0";
  return (signed && value > 0 ? "+" : "") + minus(text);
}

/** A sentence in which no line ends between a number and its per cent sign. */
export const unbroken = (text: string) => text.replace(/(\d) %/g, "$1\u00a0%");

// Names that are written small in a file and large everywhere else; `us` would be read as a pronoun.
const LARGE = new Set(["dprk", "eu", "nato", "prc", "rok", "uae", "uk", "un", "us", "usa", "ussr"]);

/** A name of the file as words. */
export const plainName = (name: string) =>
  name.split("_").map((word) => (LARGE.has(word) ? word.toUpperCase() : word)).join(" ");

export const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
/** An option in a sentence: some are named by a verb, others by a noun. */
export const quoted = (name: string) => `“${plainName(name)}”`;
export const quotedFirst = (name: string) => `“${capital(plainName(name))}”`;
export const counted = (number: number, noun: string) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
export const listed = (items: string[]) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** What a number rests on. */
export const worlds = (draws: number, seed?: number) =>
  `${counted(draws, "world")}${seed ? ` (seed ${seed})` : ""}`;

export type Question = Model["questions"][number];

/** A question in the author's words, or by its name. */
export const questionText = (question: Question) => question.says || capital(plainName(question.name));

/** How answers to a question are written: probabilities in per cent, amounts in the question's unit. */
export interface Writing {
  share: boolean;
  /** Of an answer. */
  unit: string;
  /** Of a difference of two answers. */
  gapUnit: string;
  value: (value: number | null | undefined) => string;
  gap: (value: number | null | undefined) => string;
}

export function writingOf(question: Pick<Question, "form" | "unit"> | undefined): Writing {
  if (question && question.form === "expected") {
    const unit = question.unit === "%" ? "" : question.unit;
    return { share: false, unit, gapUnit: unit, value: (v) => points(v), gap: (v) => points(v, true) };
  }
  return { share: true, unit: "%", gapUnit: "percentage points", value: percent, gap: change };
}

/** With its unit behind it, where the number does not carry it already. */
export const withUnit = (text: string, unit: string) => (unit && unit !== "%" && text !== "–" ? `${text} ${unit}` : text);
