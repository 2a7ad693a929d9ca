// What `foederis exposure --json` gives, and how it is read.

import type { Rests } from "../../parts/Basis";
import { percent, plainName, points, withUnit } from "../../parts/numbers";

export interface ExposureRow {
  what_if: string | null;
  given: string | null;
  value: string | null;
  position: string;
  exposure: string | null;
  holder: string | null;
  unit: string;
  probability: number | null;
  mean: number | null;
  median: number | null;
  p05: number | null;
  p95: number | null;
  value_at_risk: number | null;
  expected_shortfall: number | null;
  any_loss: number | null;
  standard_deviation: number | null;
  between_worlds: number | null;
  change_mean: number | null;
  change_p05: number | null;
  change_p95: number | null;
}

export interface ExposureResult extends Rests {
  draws: number;
  level: number;
  rates: { unit: string; quantity: string; into: string }[];
  exceedance: Record<string, { loss: number; probability: number }[]>;
  rows: ExposureRow[];
}

/** As the file stands, over all endings. */
export const baseOf = (result: ExposureResult) => result.rows.filter((row) => row.what_if === null && row.given === null);
export const endingsOf = (result: ExposureResult, position: string) =>
  result.rows.filter((row) => row.what_if === null && row.given !== null && row.position === position);
export const underWhatIfs = (result: ExposureResult, position: string) =>
  result.rows.filter((row) => row.what_if !== null && row.given === null && row.position === position);

/** Positions as they are told: sums over several exposures, and each exposure; the sum of one is that one. */
export function positionsOf(result: ExposureResult): ExposureRow[] {
  const base = baseOf(result);
  const alone = (row: ExposureRow) => row.exposure === null && row.holder !== null && base.filter((one) => one.holder === row.holder && one.exposure !== null && one.unit === row.unit).length === 1;
  const kept = base.filter((row) => !alone(row));
  return [...kept.filter((row) => row.exposure === null), ...kept.filter((row) => row.exposure !== null)];
}

export const positionText = (row: ExposureRow) =>
  row.exposure === null ? row.position.replace(/^\w+/, (name) => plainName(name)) : plainName(row.position);

/** A level as one says it: 95 %, 99.5 %. */
export const levelText = (share: number) => `${Number((100 * share).toPrecision(6))} %`;

export function sentence(row: ExposureRow, level: number): string {
  const who = row.exposure === null ? `${row.holder ? plainName(row.holder) : row.position} loses` : `On ${plainName(row.position)}, ${plainName(row.holder ?? "")} loses`;
  const least = row.value_at_risk !== null && row.value_at_risk > 0 ? `at least ${withUnit(points(row.value_at_risk), row.unit)} is lost, ` : "";
  return `${who} ${withUnit(points(row.mean), row.unit)} on average, and nothing with probability ${percent(row.any_loss === null ? null : 1 - row.any_loss)}. In the worst ${levelText(1 - level)} of cases ${least}${withUnit(points(row.expected_shortfall), row.unit)} on average.`;
}

export function spreadText(row: ExposureRow): string {
  if (!row.standard_deviation || row.between_worlds === null) return "The loss is the same in all cases.";
  const within = row.standard_deviation * Math.sqrt(1 - row.between_worlds);
  return `${percent(1 - row.between_worlds)} of the variance is chance within a world; ${percent(row.between_worlds)} lies between worlds, since nobody knows the numbers. The standard deviation is ${withUnit(points(row.standard_deviation), row.unit)}; if all numbers were known, ${withUnit(points(within), row.unit)} would be left.`;
}
