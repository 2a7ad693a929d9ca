// Answers of the list of cases: asked one after the other, so that the list never keeps the machine from a case.

import { signal } from "@preact/signals";
import { ask, type Progress } from "../live";
import { NO_CHANGES, type Answer, type CaseEntry } from "../types";
import { isEstimate } from "./common";
import { withUnit, writingOf } from "./numbers";
import { bandText } from "./words";

/** The headline's answer as the list shows it. */
export interface Line {
  number: string;
  word: string;
  band: string;
}

export type Told =
  | { state: "waiting" }
  | { state: "asking"; progress: Progress | null }
  | { state: "told"; line: Line }
  | { state: "failed"; message: string };

export const told = signal<Record<string, Told>>({});

const put = (id: string, what: Told | null) => {
  const { [id]: _, ...rest } = told.value;
  told.value = what ? { ...rest, [id]: what } : rest;
};

/** What an answer is kept under: the same file solved by the same version gives the same answer. */
function keyOf(entry: CaseEntry, version: string): string {
  return `foederis ${version} ${entry.sha256 ?? `${entry.id} ${entry.modified}`}`;
}

function lineOf(answer: Answer, entry: CaseEntry): Line {
  const [name, reply] = Object.entries(answer.questions)[0] ?? [];
  if (!name || !isEstimate(reply)) return { number: "", word: "the first question asks when: open the case", band: "" };
  const word = answer.words?.[name] ?? "";
  const writing = writingOf(word ? undefined : { form: "expected", unit: entry.unit ?? "" });
  return { number: withUnit(writing.value(reply.mean), writing.unit), word, band: bandText(reply, writing) };
}

function kept(key: string): Line | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function keep(key: string, line: Line): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(line));
  } catch {
    // storage may be full or forbidden: then the answer is asked again next time
  }
}

let waiting: { entry: CaseEntry; version: string }[] = [];
let running: AbortController | null = null;

export function askFor(entries: CaseEntry[], version: string): void {
  for (const entry of entries) {
    if (entry.state === "errors" || waiting.some((one) => one.entry.id === entry.id)) continue;
    const line = kept(keyOf(entry, version));
    if (line) put(entry.id, { state: "told", line });
    else if (told.value[entry.id]?.state !== "asking") {
      put(entry.id, { state: "waiting" });
      waiting.push({ entry, version });
    }
  }
  if (!running) void work();
}

/** Shows what is known already, without asking for the rest. */
export function recall(entries: CaseEntry[], version: string): void {
  for (const entry of entries) {
    const line = kept(keyOf(entry, version));
    const now = told.value[entry.id]?.state;
    if (line) put(entry.id, { state: "told", line });
    else if (now !== "waiting" && now !== "asking") put(entry.id, null);
  }
}

/** Leaves the rest unasked, so that what is opened next has the machine. */
export function leave(): void {
  for (const { entry } of waiting) put(entry.id, null);
  waiting = [];
  running?.abort();
}

async function work(): Promise<void> {
  const mine = new AbortController();
  running = mine;
  for (let next = waiting.shift(); next && !mine.signal.aborted; next = waiting.shift()) {
    const { entry, version } = next;
    put(entry.id, { state: "asking", progress: null });
    try {
      const hear = (progress: Progress) => put(entry.id, { state: "asking", progress });
      const answer: Answer = await ask(entry.id, NO_CHANGES, "solve", {}, hear, mine.signal);
      const line = lineOf(answer, entry);
      put(entry.id, { state: "told", line });
      if (!entry.sha256 || answer.file_sha256 === entry.sha256) keep(keyOf(entry, version), line);
    } catch (error) {
      put(entry.id, mine.signal.aborted ? null : { state: "failed", message: (error as Error).message });
    }
  }
  if (running === mine) running = null;
}
