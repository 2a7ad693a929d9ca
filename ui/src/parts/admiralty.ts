// The Admiralty code in words: how reliable a source is, and how credible what it says.

import type { Because } from "../types";

export const RELIABILITY: Record<string, string> = {
  A: "completely reliable",
  B: "usually reliable",
  C: "fairly reliable",
  D: "not usually reliable",
  E: "unreliable",
  F: "cannot be judged",
};

export const CREDIBILITY: Record<string, string> = {
  "1": "confirmed",
  "2": "probably true",
  "3": "possibly true",
  "4": "doubtful",
  "5": "improbable",
  "6": "cannot be judged",
};

/** The code of one reason, as `C3`; `C` where the piece of information has no number; empty without a letter. */
export function code(reason: Because): string {
  return reason.source ? `${reason.reliability ?? ""}${reason.credibility ?? ""}` : "";
}

/** The reasons that name a source. */
export function sourced(because: Because[]): Because[] {
  return because.filter((reason) => reason.source !== null);
}

/**
 * The best letter that a number rests on: A to F, "-" for a source without a letter, null where there is no source at
 * all. F says that a source cannot be judged, which is not the same as unreliable: as the brief has it, both come before
 * the better letters.
 */
export function best(because: Because[]): string | null {
  const letters = sourced(because).map((reason) => reason.reliability ?? "-");
  return letters.sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

/** How well a number is founded, for sorting: 0 nothing but the author, 1 E, F or no letter, 2 D, 3 C, 4 B, 5 A. */
export function rank(letter: string | null): number {
  if (letter === null) return 0;
  return { A: 5, B: 4, C: 3, D: 2 }[letter] ?? 1;
}
