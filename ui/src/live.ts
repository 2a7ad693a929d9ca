// The WebSocket of the page: sliders that follow the hand, and asks that take a while.

import { signal } from "@preact/signals";
import type { Answer, Changes, Diagnostic } from "./types";

export interface Turned {
  seq: number;
  rough: boolean;
  draws: number;
  label: string;
  answer: Answer;
  seconds: number;
}

export interface Ready {
  draws_rough: number;
  draws_full: number;
  typed: boolean;
  label: string;
}

export interface Progress {
  what: string;
  done: number;
  total: number;
}

export class Failed extends Error {
  constructor(message: string, readonly diagnostics: Diagnostic[] = []) {
    super(message);
  }
}

/** Whether the server can be reached. */
export const connected = signal(false);

/** Whether the page has something to ask of it, so that being away is worth telling. */
export const wanted = signal(false);

/** Why the server will have nothing to do with this page, in its words; empty while it has. */
export const refused = signal("");

interface Asked {
  message: object;
  progress?: (progress: Progress) => void;
  resolve: (result: any) => void;
  reject: (error: Error) => void;
}

interface Opened {
  message: object;
  ready: (ready: Ready) => void;
  turned: (turned: Turned) => void;
  progress: (progress: Progress & { seq: number }) => void;
  failed: (error: Failed, seq: number | null) => void;
  last: object | null;
}

let socket: WebSocket | null = null;
let kernel: ((message: object) => void) | null = null;
let pause = 250;
let numbers = 0;
const asked = new Map<number, Asked>();
const opened = new Map<number, Opened>();

/** Whether a notebook's kernel has left something unheard: it is busy with another cell, or has forgotten this one. */
export const silent = signal(false);

const PATIENCE = 5000; // milliseconds; a kernel that is free says at once that it has heard

/** Asks a notebook's kernel and no server; returns what is to hear its answers. */
export function through(send: (message: object) => void): (message: any) => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  kernel = (message) => {
    waiting ??= setTimeout(() => (silent.value = true), PATIENCE);
    try {
      send(message);
    } catch {
      silent.value = true; // its connection is gone for good
    }
  };
  connected.value = true;
  // Another view of the same widget hears and is heard through the same kernel: each has numbers of its own.
  numbers = Math.floor(Math.random() * 2 ** 40);
  return (message) => {
    clearTimeout(waiting);
    waiting = undefined;
    silent.value = false;
    receive(message);
  };
}

function send(message: object): void {
  if (kernel) kernel(message);
  else if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  else connect();
}

function connect(): void {
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  wanted.value = true;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/api/live`);
  socket.onopen = () => {
    connected.value = true;
    // The server keeps nothing of a page that was away: what is open or asked is said again.
    for (const one of opened.values()) {
      socket!.send(JSON.stringify(one.message));
      if (one.last) socket!.send(JSON.stringify(one.last));
    }
    for (const one of asked.values()) socket!.send(JSON.stringify(one.message));
  };
  socket.onmessage = (event) => receive(JSON.parse(event.data));
  socket.onclose = () => {
    connected.value = false;
    socket = null;
    wanted.value = opened.size + asked.size > 0;
    if (!wanted.value) return;
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 4000);
  };
}

function failure(message: any): Failed {
  const diagnostics: Diagnostic[] = message.diagnostics ?? [];
  return new Failed(message.message ?? diagnostics[0]?.message ?? "The server could not do it.", diagnostics);
}

function receive(message: any): void {
  const about = message.live ?? message.ask;
  if (message.type === "failed" && about === undefined) {
    refused.value = failure(message).message;
    return;
  }
  refused.value = "";
  pause = 250;
  const one = message.live === undefined ? undefined : opened.get(message.live);
  const other = message.ask === undefined ? undefined : asked.get(message.ask);
  if (message.type === "ready") one?.ready(message);
  else if (message.type === "turned") one?.turned(message);
  else if (message.type === "progress") (one?.progress ?? other?.progress)?.(message);
  else if (message.type === "failed" && one) one.failed(failure(message), message.seq ?? null);
  else if (other && message.type !== "progress") {
    asked.delete(message.ask);
    if (message.type === "answered") other.resolve(message.result);
    else if (message.type === "cancelled") other.reject(new DOMException("cancelled", "AbortError"));
    else other.reject(failure(message));
  }
}

/** A case whose numbers are turned. `turn` asks for an answer; only the newest that waits is solved. */
export function open(id: string, hears: Omit<Opened, "message" | "last">) {
  const live = ++numbers;
  const one: Opened = { ...hears, message: { type: "open", id, live }, last: null };
  let seq = 0;
  opened.set(live, one);
  send(one.message);
  return {
    turn(changes: Changes, settle: boolean): number {
      one.last = { type: "turn", live, seq: ++seq, ...changes, settle };
      send(one.last);
      return seq;
    },
    close(): void {
      opened.delete(live);
      if (connected.value) send({ type: "close", live });
    },
  };
}

/** Asks one of the package's analyses; `result` is what the command line prints with --json. */
export function ask(
  id: string,
  changes: Changes,
  command: string,
  options: object = {},
  progress?: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<any> {
  const number = ++numbers;
  const message = { type: "ask", ask: number, id, ...changes, command, options };
  return new Promise((resolve, reject) => {
    asked.set(number, { message, progress, resolve, reject });
    const stop = () => {
      // At once, and without waiting for the server: it may be away, and must not be asked again when it is back.
      if (!asked.delete(number)) return;
      if (connected.value) send({ type: "cancel", ask: number });
      reject(new DOMException("cancelled", "AbortError"));
    };
    if (signal?.aborted) return reject(new DOMException("cancelled", "AbortError"));
    signal?.addEventListener("abort", stop);
    send(message);
  });
}
