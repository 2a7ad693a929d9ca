// Asks of the server that are answered at once.

import type { CaseEntry, Changes, Diagnostic, DiffLine, Model } from "./types";

/** What the server refused, as it says it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly diagnostics: Diagnostic[] = [],
    readonly body: any = null,
  ) {
    super(message);
  }
}

/** The server's reply, whatever it says; the error says in words that there is none. */
async function reach(path: string, how: RequestInit): Promise<Response> {
  try {
    return await fetch(path, how);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Refused(0, "The server does not answer. Is `foederis serve` still running?");
  }
}

function refusal(status: number, found: any): Refused {
  const said = found?.error ? [found.error.message, found.error.cure].filter(Boolean).join(": ") : null;
  const first = found?.diagnostics?.[0]?.message;
  const message = said ?? first ?? (status === 403 ? "The server does not know this page: open the address that `foederis serve` printed." : `The server said ${status}.`);
  return new Refused(status, message, found?.diagnostics ?? [], found);
}

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const sent = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const reply = await reach(path, { method, signal, ...sent });
  const found = await reply.json().catch(() => null);
  if (reply.ok) return found as T;
  throw refusal(reply.status, found);
}

const of = (id: string) => `?id=${encodeURIComponent(id)}`;

export const cases = () =>
  ask<{ folder: string; version: string; cases: CaseEntry[]; gallery: CaseEntry[]; notes?: string[] }>("GET", "/api/cases");
export const create = (name: string, from: string | null) => ask<{ id: string }>("POST", "/api/cases", { name, from });
export const rename = (id: string, name: string) => ask<{ id: string }>("POST", "/api/rename", { id, name });
export const model = (id: string) => ask<Model>("GET", `/api/model${of(id)}`);
export const text = (id: string) =>
  ask<{ id: string; text: string; sha256: string; writable: boolean }>("GET", `/api/text${of(id)}`);
export const save = (id: string, text: string, sha256: string, force = false) =>
  ask<{ sha256: string }>("PUT", "/api/text", { id, text, sha256, force });
export const check = (id: string, text: string, signal?: AbortSignal) =>
  ask<{ diagnostics: Diagnostic[]; names: DefinedName[] }>("POST", "/api/check", { id, text }, signal);
/** What a message means, in Markdown, as `foederis explain` prints it. */
export const explain = (code: string) => ask<{ text: string }>("GET", `/api/explain?code=${encodeURIComponent(code)}`);
export const schema = () => ask<any>("GET", "/api/schema");
export const changed = (id: string, changes: Changes) =>
  ask<{ text: string; diff: DiffLine[] }>("POST", "/api/changed", { id, ...changes });
export const keep = (id: string, sha256: string, name: string, says: string, changes: Changes) =>
  ask<{ text: string; diff: DiffLine[] }>("POST", "/api/keep", { id, sha256, name, says, ...changes });
export const news = (id: string) =>
  ask<{ id: string | null; text: string; sha256: string; writable: boolean; items: { text: string; line: number; says: string }[] }>(
    "GET", `/api/news${of(id)}`);
export const changeNews = (id: string, change: { add: string } | { drop: number }) =>
  ask<{ id: string; text: string; sha256: string; diff: DiffLine[]; diagnostics: Diagnostic[] }>("POST", "/api/news", { id, ...change });
/** The brief, a page by itself; it may take minutes. */
export async function brief(id: string, changes: Changes, signal: AbortSignal): Promise<Response> {
  const reply = await reach(`/api/brief${of(id)}&changes=${encodeURIComponent(JSON.stringify(changes))}`, { signal });
  if (reply.ok) return reply;
  throw refusal(reply.status, await reply.json().catch(() => null));
}

export interface DefinedName {
  name: string;
  kind: string;
  path: string;
  line: number;
  column: number;
  says: string;
  source: string;
}
