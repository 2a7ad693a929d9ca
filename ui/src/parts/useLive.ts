// The live answer of a case: the saved file's once, then whatever the hand turns.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask, open, type Failed, type Progress, type Turned } from "../live";
import { NO_CHANGES, type Answer, type Changes, type Model } from "../types";
import { isEmpty } from "./changes";
import { steady } from "./steady";

export interface Live {
  now: Turned | null;
  saved: Answer | null;
  /** Why the newest changes have no answer; what is shown then is older. */
  error: Failed | null;
  progress: Progress | null;
}

const NOTHING: Live = { now: null, saved: null, error: null, progress: null };

/** Solves `changes` whenever they change; `settle` asks for all worlds. */
export function useLive(model: Model | null, changes: Changes, settle: boolean): Live {
  const [live, setLive] = useState<Live>(NOTHING);
  const desk = useRef<{ turn: (changes: Changes, settle: boolean) => void } | null>(null);
  const wish = useRef({ changes, settle });
  wish.current = { changes, settle };
  const key = model ? `${model.id} ${model.sha256}` : "";

  useEffect(() => {
    setLive(NOTHING);
    if (!model) return;
    let base: Answer | null = null; // the saved file's answer in as few worlds as while a hand turns
    let saved: Answer | null = null;
    let shown = 0;
    let newest = 0;
    let clean = true; // whether the newest turn is the saved file
    const stop = new AbortController();
    const isShare = (name: string) => model.questions.find((one) => one.name === name)?.form !== "expected";
    const put = (more: Partial<Live>) => setLive((before) => ({ ...before, ...more }));

    const hear = (turned: Turned) => {
      if (turned.seq < shown || turned.seq > newest) return;
      shown = turned.seq;
      const ofFile = clean && turned.seq === newest;
      if (!base && ofFile) base = turned.answer;
      if (ofFile && !turned.rough) saved = turned.answer;
      const answer = turned.rough && base && saved ? steady(turned.answer, base, saved, isShare) : turned.answer;
      put({ now: { ...turned, answer }, saved, error: null, progress: null });
      // Nothing else is asked before the few worlds of the saved file are known.
      if (turned.seq === 1) begin();
      if (!turned.rough && !saved) void fetchSaved();
    };
    const handle = open(model.id, {
      ready: () => {},
      turned: hear,
      progress: (progress) => progress.seq === newest && put({ progress }),
      failed: (error, seq) => {
        if (seq === null || seq === newest) put({ error, progress: null });
        if (seq === 1) begin(); // the file as it stands has no answer, a changed one may
      },
    });
    const turn = (what: Changes, all: boolean) => {
      clean = isEmpty(what);
      newest = handle.turn(what, all);
    };
    const alone = isEmpty(wish.current.changes); // the first turn settles only where nothing else is wished
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      if (!alone || !isEmpty(wish.current.changes)) turn(wish.current.changes, wish.current.settle);
    };
    let asking = false;
    const fetchSaved = async () => {
      if (asking) return;
      asking = true;
      try {
        saved = await ask(model.id, NO_CHANGES, "solve", {}, undefined, stop.signal);
        put({ saved });
      } catch {
        asking = false; // the comparison stays away; the next settled answer asks again
      }
    };
    turn(NO_CHANGES, alone);
    desk.current = { turn: (what, all) => begun && turn(what, all) };
    return () => {
      desk.current = null;
      stop.abort();
      handle.close();
    };
  }, [key]);

  const asked = JSON.stringify([changes, settle]);
  const before = useRef(asked);
  useEffect(() => {
    if (before.current === asked) return;
    before.current = asked;
    desk.current?.turn(changes, settle);
  }, [asked]);
  return live;
}
