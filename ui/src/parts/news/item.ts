// An observation as it is written in a file of news.

import type { Model } from "../../types";

/** What can be observed: a turn with its options, an event, or a state variable with its levels. */
export interface Seen {
  kind: "turn" | "event" | "state";
  name: string;
  /** What it can have come to. */
  choices: { value: string; says: string }[];
}

/** Keys of an observation; a turn or an event of this name cannot be observed. */
const KEPT = new Set(["step", "state", "believed", "says", "because"]);

export function canBeSeen(model: Model): Seen[] {
  const turns = model.actors.flatMap((actor) => actor.turns).map((turn): Seen => ({
    kind: "turn", name: turn.name,
    choices: [...turn.options.map((option) => ({ value: option.name, says: option.says })), { value: "none", says: "the turn passed, or was not asked" }],
  }));
  const events = model.events.map((event): Seen => ({
    kind: "event", name: event.name,
    choices: [{ value: "yes", says: "it happened" }, { value: "no", says: "it did not happen" }],
  }));
  const variables = model.variables.map((variable): Seen => ({
    kind: "state", name: variable.name, choices: variable.levels.map((value) => ({ value, says: "" })),
  }));
  return [...turns.filter((seen) => !KEPT.has(seen.name)), ...events.filter((seen) => !KEPT.has(seen.name)), ...variables];
}

export interface Observation {
  step: number;
  seen: Seen;
  values: string[];
  not: boolean;
  /** Empty for certain, `source`, or a percentage. */
  believed: string;
  says: string;
  source: string;
  where: string;
  quote: string;
}

/** A text that YAML reads as this text, whatever is in it. */
const quoted = (text: string) => JSON.stringify(text.trim());

export function written(item: Observation): string {
  const value = `${item.not ? "not " : ""}${item.values.join(" | ")}`;
  const lines = [`step: ${item.step}`, item.seen.kind === "state" ? `state: {${item.seen.name}: ${value}}` : `${item.seen.name}: ${value}`];
  if (item.believed) lines.push(`believed: ${item.believed}`);
  if (item.says.trim()) lines.push(`says: ${quoted(item.says)}`);
  const because = [
    item.source && `source: ${item.source}`,
    item.where.trim() && `where: ${quoted(item.where)}`,
    item.quote.trim() && `quote: ${quoted(item.quote)}`,
  ].filter(Boolean);
  if (because.length) lines.push(`because: {${because.join(", ")}}`);
  return lines.join("\n");
}

/** What is still missing, or wrong, in words; null where the observation is whole. */
export function missing(item: Observation, steps: number): string | null {
  if (!Number.isInteger(item.step) || item.step < 0 || item.step >= steps) return `The step is a whole number from 0 to ${steps - 1}.`;
  if (!item.values.length) return "Say what was seen.";
  if (item.believed === "source" && !item.source) return "“As its source says” needs a source.";
  if (item.believed && item.believed !== "source") {
    const share = Number(item.believed.replace(/%$/, ""));
    if (!(share > 0 && share <= 100)) return "How likely the report is true is a percentage above 0 and at most 100.";
  }
  return null;
}
