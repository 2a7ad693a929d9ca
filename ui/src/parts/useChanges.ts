// The changes that are looked at: in the address once settled, and here alone while a hand turns a number.

import { useRef, useState } from "preact/hooks";
import { NO_CHANGES, type Changes } from "../types";
import { go, view } from "../url";
import { isEmpty, same } from "./changes";

export interface Turning {
  settled: Changes;
  /** What is shown: the settled changes, or those under the hand. */
  shown: Changes;
  turning: boolean;
  setChanges: (changes: Changes, settle: boolean) => void;
  undo: () => void;
  undoAll: () => void;
}

/** The changes without the one made last, as far as their order tells it. */
function withoutLast({ set, on }: Changes): Changes {
  const path = Object.keys(set).at(-1);
  if (path === undefined) return { set, on: on.slice(0, -1) };
  const { [path]: _, ...rest } = set;
  return { set: rest, on };
}

/** What differs between two sets of changes, if it is the text at one path. */
function onePath(a: Changes, b: Changes): string | null {
  const paths = [...new Set([...Object.keys(a.set), ...Object.keys(b.set)])].filter((path) => a.set[path] !== b.set[path]);
  return paths.length === 1 && a.on.join() === b.on.join() ? paths[0]! : null;
}

const AT_ONCE = 1500; // milliseconds within which steps of one slider are one change

export function useChanges(): Turning {
  const settled = view.value.changes;
  const [held, setHeld] = useState<Changes | null>(null);
  const past = useRef<Changes[]>([]);
  const last = useRef<{ path: string | null; at: number }>({ path: null, at: 0 });
  const put = (changes: Changes, replace = false) => {
    setHeld(null);
    if (!same(changes, view.value.changes)) go({ changes }, replace);
  };
  return {
    settled,
    shown: held ?? settled,
    turning: held !== null,
    setChanges: (changes, settle) => {
      if (!settle) return setHeld(changes);
      // Many steps of one slider in a row, as by arrow keys, are one change to take back.
      const path = onePath(changes, view.value.changes);
      const goesOn = path !== null && path === last.current.path && Date.now() - last.current.at < AT_ONCE;
      last.current = { path, at: Date.now() };
      if (!goesOn && !same(changes, view.value.changes)) past.current.push(view.value.changes);
      put(changes, goesOn);
    },
    undo: () => {
      last.current = { path: null, at: 0 };
      if (past.current.length) put(past.current.pop()!);
      else if (!isEmpty(view.value.changes)) put(withoutLast(view.value.changes));
    },
    undoAll: () => {
      if (isEmpty(view.value.changes)) return;
      last.current = { path: null, at: 0 };
      past.current.push(view.value.changes);
      put(NO_CHANGES);
    },
  };
}
