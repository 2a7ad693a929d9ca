// The difference of two texts: by lines, and as one change.

import { Chunk } from "@codemirror/merge";
import { Text } from "@codemirror/state";
import type { DiffLine } from "../../types";

export function difference(before: string, after: string): DiffLine[] {
  // With a line break after each last line, so that a line added below it does not change it.
  const split = (text: string) => Text.of(`${text}\n`.split(/\r\n|\n/));
  const [a, b] = [split(before), split(after)];
  const lines: DiffLine[] = [];
  const add = (kind: DiffLine["kind"], text: Text, from: number, to: number) => {
    // `to` is one past the end of the last line, also where that is the end of the text.
    if (to <= from) return;
    for (const line of text.sliceString(from, Math.min(to - 1, text.length)).split("\n")) lines.push({ kind, text: line });
  };
  let at = 0;
  for (const chunk of Chunk.build(a, b)) {
    add(" ", a, at, chunk.fromA);
    add("-", a, chunk.fromA, chunk.toA);
    add("+", b, chunk.fromB, chunk.toB);
    at = chunk.toA;
  }
  add(" ", a, at, a.length);
  return lines;
}

/** The one change that makes one text of another and leaves what is the same at both ends, so that the cursor stays. */
export function middle(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
