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

export function useChanges(): Turning {
  const settled = view.value.changes;
  const [held, setHeld] = useState<Changes | null>(null);
  const past = useRef<Changes[]>([]);
  const put = (changes: Changes) => {
    setHeld(null);
    if (!same(changes, view.value.changes)) go({ changes });
  };
  return {
    settled,
    shown: held ?? settled,
    turning: held !== null,
    setChanges: (changes, settle) => {
      if (!settle) return setHeld(changes);
      if (!same(changes, view.value.changes)) past.current.push(view.value.changes);
      put(changes);
    },
    undo: () => {
      if (past.current.length) put(past.current.pop()!);
      else if (!isEmpty(view.value.changes)) put(withoutLast(view.value.changes));
    },
    undoAll: () => {
      if (isEmpty(view.value.changes)) return;
      past.current.push(view.value.changes);
      put(NO_CHANGES);
    },
  };
}
