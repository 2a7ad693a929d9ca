// How far an observation has moved the odds of a judgement, in words.

import { points } from "../numbers";

/** What would be said without an observation, and by how much it multiplies the odds. */
export interface Weight {
  without: number | null;
  odds_times: number | null;
}

/** Infinite odds travel as null: then the judgement is certain, and would not be without the observation. */
export const proves = ({ odds_times, without }: Weight, after: number | null) => odds_times === null && after === 1 && without !== null && without < 1;

/** By how much the odds are multiplied; null travels where that is no finite number. */
export function odds(weight: Weight | undefined, after: number | null): string {
  if (weight && proves(weight, after)) return "proves it";
  const times = weight?.odds_times ?? null;
  if (times === null) return "–";
  if (Math.abs(times - 1) <= 0.005) return "1";
  if (times === 0) return "rules it out";
  return times > 1 ? `× ${points(times)}` : `÷ ${points(1 / times)}`;
}
