// Where in the file a position stands: under which keys, and whether a key or a value is being written there.

import type { Text } from "@codemirror/state";

export interface Place {
  /** Keys from the top of the file; `*` for an entry of a list. At a value, the last is its key. */
  path: string[];
  at: "key" | "value";
  /** What stands between the beginning of the key or value and the position. */
  typed: string;
  /** Keys that stand beside the one that is written. */
  beside: Set<string>;
}

interface Line {
  indent: number;
  /** The columns of the dashes before the key. */
  dashes: number[];
  /** Where the key or the entry begins. */
  column: number;
  key: string | null;
  value: string;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s:#,[\]{}"'-][^:#,[\]{}"']*?)\s*:(?:\s+(.*)|)$/;

function read(text: string): Line | null {
  const indent = text.length - text.trimStart().length;
  const bare = text.slice(indent);
  if (!bare || bare.startsWith("#")) return null;
  const dashes: number[] = [];
  let column = indent;
  let rest = bare;
  for (let found = /^-(\s+|$)/.exec(rest); found; found = /^-(\s+|$)/.exec(rest)) {
    dashes.push(column);
    column += found[0].length;
    rest = rest.slice(found[0].length);
  }
  const match = KEY.exec(rest);
  const key = match ? match[1]!.replace(/^["']|["']$/g, "") : null;
  return { indent, dashes, column, key, value: match ? (match[2] ?? "") : rest };
}

/** Where the end of a value stands within its `{…}` and `[…]`. */
export function within(value: string): Place | null {
  const frames: { list: boolean; key: string | null; keys: Set<string> }[] = [];
  let begun = 0;
  let quote = "";
  for (let at = 0; at < value.length; at++) {
    const char = value[at]!;
    const top = frames[frames.length - 1];
    if (quote) {
      if (char === quote) quote = "";
    } else if ((char === '"' || char === "'") && !value.slice(begun, at).trim()) quote = char;
    else if (char === "#" && /\s/.test(value[at - 1] ?? " ")) {
      const end = value.indexOf("\n", at);
      if (end < 0) return null;
      at = end;
    } else if (char === "{" || char === "[") {
      frames.push({ list: char === "[", key: null, keys: new Set() });
      begun = at + 1;
    } else if ((char === "}" || char === "]") && top) {
      frames.pop();
      begun = at + 1;
    } else if (char === "," && top) {
      top.key = null;
      begun = at + 1;
    } else if (char === ":" && top && !top.list && top.key === null && /^(\s|$)/.test(value.slice(at + 1))) {
      top.key = value.slice(begun, at).trim().replace(/^["']|["']$/g, "");
      top.keys.add(top.key);
      begun = at + 1;
    }
  }
  const top = frames[frames.length - 1];
  const path = frames.flatMap((frame) => (frame.list ? ["*"] : frame.key === null ? [] : [frame.key]));
  const at = top && !top.list && top.key === null ? "key" : "value";
  return { path, at, typed: value.slice(begun).trimStart().replace(/^["']/, ""), beside: top?.keys ?? new Set() };
}

interface Above {
  path: string[];
  beside: Set<string>;
  /** Where the value of the nearest key above begins, if it begins on that key's own line. */
  value: number | null;
}

/**
 * The keys above an item that begins in a column. `dash` says that it is a list's entry, whose key may stand in the same
 * column.
 */
function above(doc: Text, number: number, column: number, dash: boolean): Above {
  const found: Above = { path: [], beside: new Set(), value: null };
  const enter = (line: Line) => {
    column = line.dashes[0] ?? line.column;
    dash = line.dashes.length > 0;
    for (const _ of line.dashes) found.path.unshift("*");
  };
  const inFirst = !dash;
  for (let at = number - 1; at >= 1; at--) {
    const line = read(doc.line(at).text);
    if (!line) continue;
    const key = line.key;
    if (!dash && key !== null && line.column === column) {
      if (inFirst && !found.path.length) found.beside.add(key);
      if (line.dashes.length) enter(line);
    } else if (key !== null && (line.column < column || (dash && line.column === column && !line.dashes.length))) {
      if (!found.path.some((one) => one !== "*") && line.value.replace(/(^|\s)#.*/, ""))
        found.value = doc.line(at).to - line.value.length;
      found.path.unshift(key);
      enter(line);
    } else if (key === null && !line.value && line.dashes.length && line.dashes[0]! < column) enter(line);
  }
  return found;
}

/** Keys on lines below that belong to the same mapping as a key in this column. */
function below(doc: Text, number: number, column: number, into: Set<string>): void {
  for (let next = number + 1; next <= doc.lines; next++) {
    const line = read(doc.line(next).text);
    if (!line) continue;
    if (line.column < column || (line.dashes.length && line.dashes[0]! <= column)) return;
    if (line.column === column && line.key !== null) into.add(line.key);
  }
}

/** Null within comments and longer texts. */
export function placeAt(doc: Text, position: number): Place | null {
  const here = doc.lineAt(position);
  const before = here.text.slice(0, position - here.from);
  if (/(^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ""))) return null;
  const own = read(before) ?? { indent: before.length, dashes: [], column: before.length, key: null, value: "" };
  const dash = own.dashes.length > 0;
  const up = above(doc, here.number, own.dashes[0] ?? own.column, dash);
  const path = [...up.path, ...own.dashes.map(() => "*")];
  if (own.key === null && up.value !== null && !dash) {
    // What stands here goes on with a value that began on a line above.
    const begun = doc.sliceString(up.value, position);
    const inner = /^[|>]/.test(begun) ? null : within(begun);
    return inner && { ...inner, path: [...path, ...inner.path] };
  }
  if (own.key !== null) path.push(own.key);
  if (own.key !== null || /^[[{]/.test(own.value)) {
    const inner = within(own.value);
    return inner && { ...inner, path: [...path, ...inner.path] };
  }
  below(doc, here.number, own.column, up.beside);
  return { path, at: "key", typed: own.value, beside: up.beside };
}
