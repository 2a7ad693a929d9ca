// Small parts that every page uses.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, type Progress } from "../live";
import type { Changes, Diagnostic, Estimate, Reply } from "../types";
import { Ticked } from "./Ticked";

export function isEstimate(reply: Reply | undefined): reply is Estimate {
  return reply !== undefined && "mean" in reply;
}

export function Panel(props: { title: string; children: ComponentChildren; actions?: ComponentChildren; id?: string }) {
  return (
    <section class="panel" id={props.id}>
      <header>
        <h2>{props.title}</h2>
        {props.actions}
      </header>
      {props.children}
    </section>
  );
}

export function Diagnostics(props: { items: Diagnostic[]; onLine?: (line: number) => void }) {
  return (
    <ul class="diagnostics">
      {props.items.map((item) => (
        <li class={item.severity}>
          <strong>{item.severity === "error" ? "Error" : "Warning"} {item.code}</strong>{" "}
          {item.line > 0 && (props.onLine ? <button class="plain" onClick={() => props.onLine!(item.line)}>line {item.line}</button> : `line ${item.line}`)}
          {item.line > 0 && ": "}
          <Ticked text={item.message} />
          {item.help && <span class="cure"> <Ticked text={item.help} /></span>}
        </li>
      ))}
    </ul>
  );
}

/** A line that moves while something takes more than half a second, with a way to stop it. */
export function ProgressLine(props: { progress: Progress | null; onCancel?: () => void }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 500);
    return () => clearTimeout(timer);
  }, []);
  const { progress } = props;
  return (
    <div class="progress" role="status" data-shown={slow}>
      {slow && (
        <>
          <progress value={progress?.total ? progress.done : undefined} max={progress?.total || undefined} aria-label="progress" />
          <span>{progress ? `${progress.what}${progress.total ? `: ${progress.done} of ${progress.total}` : ""}` : "waiting"}</span>
          {props.onCancel && <button onClick={props.onCancel}>Cancel</button>}
        </>
      )}
    </div>
  );
}

export type Asking =
  | { state: "asking"; progress: Progress | null; cancel: () => void }
  | { state: "answered"; result: any }
  | { state: "failed"; error: Error & { diagnostics?: Diagnostic[] } }
  | { state: "stopped"; again: () => void };

/** Asks an analysis when the page is opened and whenever what it rests on changes. */
export function useAsk(id: string, changes: Changes, command: string, options: object = {}): Asking {
  const key = JSON.stringify([id, changes, command, options]);
  const [asking, setAsking] = useState<Asking>({ state: "asking", progress: null, cancel: () => {} });
  const [round, setRound] = useState(0);
  const current = useRef("");
  useEffect(() => {
    const stop = new AbortController();
    current.current = key;
    const mine = () => current.current === key && !left;
    let left = false;
    const cancel = () => stop.abort();
    setAsking({ state: "asking", progress: null, cancel });
    ask(id, changes, command, options, (progress) => mine() && setAsking({ state: "asking", progress, cancel }), stop.signal)
      .then((result) => mine() && setAsking({ state: "answered", result }))
      .catch((error) => {
        if (!mine()) return;
        if (error.name === "AbortError") setAsking({ state: "stopped", again: () => setRound(round + 1) });
        else setAsking({ state: "failed", error });
      });
    return () => {
      left = true;
      stop.abort();
    };
  }, [key, round]);
  return asking;
}

export function Asked(props: { asking: Asking; children: (result: any) => ComponentChildren }) {
  const { asking } = props;
  if (asking.state === "answered") return <>{props.children(asking.result)}</>;
  if (asking.state === "asking") return <ProgressLine progress={asking.progress} onCancel={asking.cancel} />;
  if (asking.state === "stopped")
    return <p class="quiet">Stopped. <button onClick={asking.again}>Ask again</button></p>;
  return asking.error.diagnostics?.length ? <Diagnostics items={asking.error.diagnostics} /> : <p class="error" role="alert"><Ticked text={asking.error.message} /></p>;
}
