// Steps of the clock as people name them: by date where the file says when it starts.

import type { Model } from "../../types";

// As the package counts them: months and years have their mean length.
const DAYS: Record<string, number> = { hour: 1 / 24, day: 1, week: 7, month: 365.25 / 12, quarter: 365.25 / 4, year: 365.25 };
const DAY = 86_400_000;

/** A whole number; what lies exactly in the middle goes to the even one, as in Python. */
function whole(value: number): number {
  const up = Math.round(value);
  return up - value === 0.5 && up % 2 ? up - 1 : up;
}

/** The date on which so many steps have passed; null where the file does not say when it starts, or there is no such day. */
function dateAfter(clock: Model["clock"], steps: number): string | null {
  const [, count = "1", unit = ""] = /^\s*(\d+(?:\.\d+)?)?\s*([a-z]+?)s?\s*$/.exec(clock.unit) ?? [];
  const days = DAYS[unit];
  if (!clock.start || !days) return null;
  const date = new Date(Date.parse(`${clock.start}T00:00:00Z`) + whole(Number(count) * days * steps) * DAY);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return null;
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** The end of the step (counted from 0), or the start for −1. */
export const endOf = (clock: Model["clock"], step: number) => dateAfter(clock, step + 1) ?? (step < 0 ? "start" : `after step ${step}`);

/** When the place-th entry of a question that asks when is: the start, or the end of a step, with its date. */
export function moment(clock: Model["clock"], place: number): string {
  if (place === 0) return "at the start";
  const date = dateAfter(clock, place);
  return date ? `step ${place - 1}, by ${date}` : `end of step ${place - 1}`;
}

/** How long a step is, for a caption. */
export const stepLength = (clock: Model["clock"]) => (/^\d/.test(clock.unit) ? clock.unit : `1 ${clock.unit}`);
