// Steps of the clock as people name them: by date where the file says when it starts.

import type { Model } from "../../types";

const LONG: Record<string, number> = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 };

function after(start: Date, count: number, unit: string): Date | null {
  const milliseconds = LONG[unit];
  if (milliseconds) return new Date(start.getTime() + count * milliseconds);
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  if (!months) return null;
  const found = new Date(start);
  found.setUTCMonth(found.getUTCMonth() + count * months);
  return found;
}

/** The end of the step (counted from 0), or the start for −1. */
export function endOf(clock: Model["clock"], step: number): string {
  const [, count = "1", unit = ""] = /^\s*(\d+)?\s*([a-z]+?)s?\s*$/.exec(clock.unit) ?? [];
  const start = clock.start ? new Date(`${clock.start}T00:00:00Z`) : null;
  const date = start && after(start, (step + 1) * Number(count), unit);
  if (date) return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return step < 0 ? "start" : `after step ${step}`;
}

/** How long a step is, for a caption. */
export const stepLength = (clock: Model["clock"]) => (/^\d/.test(clock.unit) ? clock.unit : `1 ${clock.unit}`);
