// The live answer of a case: the saved file's once, then whatever the hand turns.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask, open, type Failed, type Progress, type Ready, type Turned } from "../live";
import { NO_CHANGES, type Answer, type Changes, type Model } from "../types";
import { isEmpty } from "./changes";
import { steady } from "./steady";

export interface Live {
  ready: Ready | null;
  now: Turned | null;
  /** Whether `now` answers older changes than those that are looked at. */
  behind: boolean;
  saved: Answer | null;
  /** Why the newest changes have no answer; what is shown then is older. */
  error: Failed | null;
  progress: Progress | null;
}

const NOTHING: Live = { ready: null, now: null, behind: false, saved: null, error: null, progress: null };

interface Wish {
  changes: Changes;
  settle: boolean;
}

/** One case that is open at the server. `wish` says what is looked at; `put` shows what has come. */
export function watch(model: Model, wish: () => Wish, put: (more: Partial<Live>) => void) {
  let base: Turned | null = null; // the saved file's answer in as few worlds as while a hand turns
  let saved: Answer | null = null;
  let baseSeq = 0; // the turn that asks for the base; turns before it belong to a worker that is gone
  let newest = 0;
  let failed = 0; // the newest turn that has no answer
  const sent = new Map<number, string>(); // the changes of turns that may still be answered
  let answered = ""; // those that what is shown answers
  let asksFile = true; // whether the newest turn is the file as it stands
  let free = false; // whether the base is known, or known to be missing
  let fewer = false; // whether turning is solved in fewer worlds than all
  let fetching = false;
  const stop = new AbortController();
  const isShare = (name: string) => model.questions.find((one) => one.name === name)?.form !== "expected";

  const turn = ({ changes, settle }: Wish) => {
    const key = JSON.stringify(changes);
    asksFile = isEmpty(changes);
    // All worlds may take long: what was changed by no hand is told in few ones meanwhile.
    if (settle && key !== answered && fewer) sent.set(handle.turn(changes, false), key);
    newest = handle.turn(changes, settle);
    sent.set(newest, key);
    put({ behind: key !== answered });
  };
  // Nothing else is asked before the few worlds of the saved file are known: the rest is reckoned from them.
  const begin = (ready: Ready) => {
    base = null;
    free = false;
    fewer = ready.draws_rough < ready.draws_full;
    put({ ready, error: null });
    turn({ changes: NO_CHANGES, settle: false });
    baseSeq = newest;
  };
  const fetchSaved = async () => {
    if (fetching) return;
    fetching = true;
    try {
      saved = await ask(model.id, NO_CHANGES, "solve", {}, undefined, stop.signal);
      put({ saved });
    } catch {
      fetching = false; // no comparison for now; the next settled answer asks again
    }
  };
  const hear = (turned: Turned) => {
    if (turned.seq < baseSeq) return;
    const isBase = turned.seq === baseSeq && !base;
    if (isBase) [base, free] = [turned, true];
    const ofFile = asksFile && turned.seq === newest;
    if (ofFile && !turned.rough) saved = turned.answer;
    const comparable = turned.rough && base && saved && base.draws === turned.draws;
    const answer = comparable ? steady(turned.answer, base!.answer, saved!, isShare) : turned.answer;
    // While something is changed, the file as it stands is no answer to what is looked at.
    if (!isBase || isEmpty(wish().changes)) {
      answered = sent.get(turned.seq) ?? "";
      const behind = answered !== JSON.stringify(wish().changes);
      put({ now: { ...turned, answer }, behind, saved, progress: null, ...(turned.seq > failed ? { error: null } : {}) });
    }
    for (const seq of sent.keys()) if (seq < turned.seq) sent.delete(seq);
    if (isBase) turn(wish());
    if (!turned.rough && !saved) void fetchSaved();
  };
  const handle = open(model.id, {
    ready: begin,
    turned: hear,
    progress: (progress) => progress.seq === newest && put({ progress }),
    failed: (error, seq) => {
      if (seq === null || seq === newest) {
        failed = newest;
        put({ error, progress: null });
      }
      if (seq !== baseSeq || free) return;
      free = true; // the file as it stands has no answer, but a changed one may
      if (!isEmpty(wish().changes)) turn(wish());
    },
  });
  return {
    turn: () => free && turn(wish()),
    close: () => {
      stop.abort();
      handle.close();
    },
  };
}

/** Solves `changes` whenever they change; `settle` asks for all worlds. */
export function useLive(model: Model | null, changes: Changes, settle: boolean): Live {
  const [live, setLive] = useState<Live>(NOTHING);
  const desk = useRef<ReturnType<typeof watch> | null>(null);
  const wish = useRef<Wish>({ changes, settle });
  wish.current = { changes, settle };

  useEffect(() => {
    setLive(NOTHING);
    if (!model) return;
    const mine = watch(model, () => wish.current, (more) => setLive((before) => ({ ...before, ...more })));
    desk.current = mine;
    return () => {
      desk.current = null;
      mine.close();
    };
  }, [model?.id, model?.sha256]);

  const asked = JSON.stringify([changes, settle]);
  const before = useRef(asked);
  useEffect(() => {
    if (before.current === asked) return;
    before.current = asked;
    desk.current?.turn();
  }, [asked]);
  return live;
}
