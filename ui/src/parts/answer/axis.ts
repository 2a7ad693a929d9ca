// Axes that rows share: where a number stands, and which ticks are drawn.

import type { Estimate } from "../../types";
import { tidy } from "../numbers";
import { SHARE } from "../words";
import type { Writing } from "../numbers";

export interface Axis {
  writing: Writing;
  to: (value: number) => number;
  ticks: { at: number; text: string }[];
}

/** Round steps of 1, 2 or 5 that make about so many ticks. */
export function ticksIn(low: number, high: number, about = 4): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= raw) ?? 10);
  const found: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) found.push(Math.abs(at) < step * 1e-9 ? 0 : at);
  return found;
}

export function axisFrom(low: number, high: number, writing: Writing): Axis {
  const to = (value: number) => (value - low) / (high - low || 1);
  return { writing, to, ticks: ticksIn(low, high).map((at) => ({ at: to(at), text: tidy(at) })) };
}

export const SHARES: Axis = {
  writing: SHARE,
  to: (value) => value,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100} %` })),
};

/** An axis that holds all that is given and 0; stays as it is while numbers move within it. */
export function axisFor(replies: (Estimate | undefined)[], writing: Writing): Axis {
  const numbers = replies.flatMap((one) => [one?.p05, one?.mean, one?.p95]).filter((x): x is number => typeof x === "number");
  const ticks = ticksIn(Math.min(0, ...numbers), Math.max(0, ...numbers));
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const low = Math.floor(Math.min(0, ...numbers) / step) * step;
  const high = Math.ceil(Math.max(0, ...numbers) / step) * step;
  return low === high ? axisFrom(low, low + 1, writing) : axisFrom(low, high, writing);
}
