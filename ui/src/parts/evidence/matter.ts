// Which numbers matter most and rest on least.

import type { Model, Numbered } from "../../types";
import { best, rank } from "../admiralty";

/** What `drivers` says, as far as it is read here. */
export interface DriversResult {
  question: string;
  scale: "amount" | "rank";
  rest: string[];
  rows: { group: string; total: number; total_low: number; total_high: number }[];
}

/** How much of the doubt about an answer hangs on a number. */
export interface Share {
  total: number;
  low: number;
  high: number;
  /** The others that it was looked at together with. */
  with: string[];
  /** Whether it is one of the rest, whose shares are known only together. */
  rest: boolean;
}

export interface Assumption {
  number: Numbered;
  share: Share | null;
  /** The best letter that it rests on; null for nothing but the author. */
  letter: string | null;
  weight: number;
  score: number;
}

/** The path of a quantity as `drivers` calls it: one without a name of its own goes by its path. */
const pathOf = (quantity: string) => (quantity.includes(".") ? quantity : `quantities.${quantity}`);

export function shares(result: DriversResult): Map<string, Share> {
  const found = new Map<string, Share>();
  for (const row of result.rows) {
    const rest = / others together$/.test(row.group);
    const names = rest ? result.rest : row.group.replace(/ \(tied\)$/, "").split(" + ");
    for (const name of names)
      found.set(pathOf(name), {
        total: row.total, low: row.total_low, high: row.total_high, rest, with: names.filter((other) => other !== name),
      });
  }
  return found;
}

/** From 1 for what rests on nothing but the author, in equal steps, to 1/6 for a source that is completely reliable. */
export function weight(letter: string | null): number {
  return (6 - rank(letter)) / 6;
}

export const RULE =
  "A number stands the higher, the larger its share of the doubt and the less it rests on: the share is multiplied by 6/6 where it rests on nothing but the author, 5/6 on a source of reliability E, F or none given, 4/6 on D, 3/6 on C, 2/6 on B and 1/6 on A.";

/** Every number with both, the one to look into first at the top. */
export function assumptions(model: Model, result: DriversResult): Assumption[] {
  const known = shares(result);
  const least = Math.min(...[...known.values()].filter((share) => !share.rest).map((share) => share.total));
  return model.numbers
    .map((number) => {
      const share = known.get(number.path) ?? null;
      const letter = best(number.because);
      // Of one of the rest nothing more is known than that all of them together reach this, and none that was picked out.
      const counted = share ? Math.max(0, share.rest ? Math.min(share.total, least) : share.total) : 0;
      return { number, share, letter, weight: weight(letter), score: counted * weight(letter) };
    })
    .sort((a, b) => b.score - a.score || Number(!a.share) - Number(!b.share) || b.weight - a.weight);
}
