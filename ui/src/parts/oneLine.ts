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

type State =
  | { state: "waiting" }
  | { state: "asking"; progress: Progress | null }
  | { state: "told"; line: Line }
  | { state: "failed"; message: string };

/** What is known of a case's answer, and of which state of its file. */
export type Told = State & { key: string };

export const told = signal<Record<string, Told>>({});

/** What an answer is kept under: the same file solved by the same version gives the same answer. */
function keyOf(entry: CaseEntry, version: string): string {
  return `foederis ${version} ${entry.sha256 ?? `${entry.id} ${entry.modified}`}`;
}

function put(id: string, key: string, what: State | null): void {
  const { [id]: _, ...rest } = told.value;
  told.value = what ? { ...rest, [id]: { ...what, key } } : rest;
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

/** Asks for answers, and again for those that failed. */
export function askFor(entries: CaseEntry[], version: string): void {
  for (const entry of entries) {
    const now = told.value[entry.id]?.state;
    if (entry.state === "errors" || entry.state === "checking" || now === "waiting" || now === "asking" || now === "told") continue;
    put(entry.id, keyOf(entry, version), { state: "waiting" });
    waiting.push({ entry, version });
  }
  if (!running) void work();
}

/** Shows what is known already of the files as they are now; forgets what was known of them as they were. */
export function recall(entries: CaseEntry[], version: string): void {
  for (const entry of entries) {
    const key = keyOf(entry, version);
    if (told.value[entry.id]?.key === key) continue;
    const line = kept(key);
    waiting = waiting.filter((one) => one.entry.id !== entry.id);
    put(entry.id, key, line && { state: "told", line });
  }
}

/** Leaves the rest unasked, so that what is opened next has the machine. */
export function leave(): void {
  for (const { entry } of waiting) put(entry.id, "", null);
  waiting = [];
  running?.abort();
  running = null;
}

async function work(): Promise<void> {
  const mine = new AbortController();
  running = mine;
  while (waiting.length && !mine.signal.aborted) {
    const { entry, version } = waiting.shift()!;
    const key = keyOf(entry, version);
    // A file that has become another meanwhile is not answered by this.
    const show = (what: State | null) => told.value[entry.id]?.key === key && put(entry.id, key, what);
    show({ state: "asking", progress: null });
    try {
      const hear = (progress: Progress) => show({ state: "asking", progress });
      const answer: Answer = await ask(entry.id, NO_CHANGES, "solve", {}, hear, mine.signal);
      const line = lineOf(answer, entry);
      show({ state: "told", line });
      if (!entry.sha256 || answer.file_sha256 === entry.sha256) keep(key, line);
    } catch (error) {
      show(mine.signal.aborted ? null : { state: "failed", message: (error as Error).message });
    }
  }
  if (running === mine) running = null;
}
