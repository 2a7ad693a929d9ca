// Writes down one observation, with fields or as text.

import { useState } from "preact/hooks";
import type { Model } from "../../types";
import { endOf } from "../answer/steps";
import { capital, counted, plainName } from "../numbers";
import { canBeSeen, missing, written, type Observation, type Seen } from "./item";

const GROUPS: [Seen["kind"], string][] = [["turn", "What an actor did"], ["event", "What happened"], ["state", "How things stood at the end of the step"]];

function What({ all, seen, onSeen }: { all: Seen[]; seen: Seen; onSeen: (seen: Seen) => void }) {
  return (
    <label>
      What was seen
      <select value={all.findIndex((one) => one.kind === seen.kind && one.name === seen.name)} onChange={(event) => onSeen(all[Number(event.currentTarget.value)]!)}>
        {GROUPS.map(([kind, title]) => all.some((one) => one.kind === kind) && (
          <optgroup label={title}>
            {all.map((one, at) => one.kind === kind && <option value={at}>{capital(plainName(one.name))}</option>)}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

type Change = (part: Partial<Observation>) => void;

function Outcome({ item, change }: { item: Observation; change: Change }) {
  const toggle = (value: string, on: boolean) =>
    change({ values: on ? [...item.values, value] : item.values.filter((one) => one !== value) });
  return (
    <fieldset class="outcome">
      <legend>
        <select aria-label="was or was not" value={item.not ? "not" : ""} onChange={(event) => change({ not: event.currentTarget.value === "not" })}>
          <option value="">{capital(plainName(item.seen.name))}: it was</option>
          <option value="not">{capital(plainName(item.seen.name))}: it was not</option>
        </select>
        {" "}one of these
      </legend>
      {item.seen.choices.map(({ value, says }) => (
        <label title={says || undefined}>
          <input type="checkbox" checked={item.values.includes(value)} onChange={(event) => toggle(value, event.currentTarget.checked)} /> {says && item.seen.kind === "event" ? says : plainName(value)}
        </label>
      ))}
    </fieldset>
  );
}

function Belief({ item, change }: { item: Observation; change: Change }) {
  const kind = item.believed === "" || item.believed === "source" ? item.believed : "share";
  return (
    <div class="belief">
      <label>
        How sure
        <select value={kind} onChange={(event) => change({ believed: event.currentTarget.value === "share" ? "80%" : event.currentTarget.value })}>
          <option value="">certain</option>
          <option value="share">a report that may be false</option>
          <option value="source">as reliable as its source</option>
        </select>
      </label>
      {kind === "share" && (
        <label>
          True with
          <span><input type="number" min={1} max={100} value={item.believed.replace(/%$/, "")} onInput={(event) => change({ believed: `${event.currentTarget.value}%` })} /> %</span>
        </label>
      )}
    </div>
  );
}

function Sourcing({ model, item, change }: { model: Model; item: Observation; change: Change }) {
  return (
    <div class="row">
      <label>
        Source
        <select value={item.source} onChange={(event) => change({ source: event.currentTarget.value })}>
          <option value="">none, the author's own judgement</option>
          {model.sources.map((source) => <option value={source.name}>{source.name}{source.reliability ? ` (${source.reliability})` : ""}</option>)}
        </select>
      </label>
      <label>Where in it <input value={item.where} onInput={(event) => change({ where: event.currentTarget.value })} /></label>
      <label>Quote <input value={item.quote} onInput={(event) => change({ quote: event.currentTarget.value })} /></label>
    </div>
  );
}

function fresh(seen: Seen): Observation {
  return { step: 0, seen, values: [], not: false, believed: "", says: "", source: "", where: "", quote: "" };
}

function Fields({ model, item, change }: { model: Model; item: Observation; change: Change }) {
  const { steps, unit } = model.clock;
  return (
    <>
      <div class="row">
        <label>
          Step, counted from 0
          <input type="number" min={0} max={steps - 1} value={item.step} onInput={(event) => change({ step: event.currentTarget.value === "" ? NaN : Number(event.currentTarget.value) })} aria-describedby="news-steps" />
          <span id="news-steps" class="quiet">{counted(steps, "step")} of {unit}{model.clock.start ? `, the first from ${endOf(model.clock, -1)}` : ""}</span>
        </label>
        <What all={canBeSeen(model)} seen={item.seen} onSeen={(seen) => change({ seen, values: [] })} />
        <Belief item={item} change={change} />
      </div>
      <Outcome item={item} change={change} />
      <label>In plain words <input value={item.says} maxLength={400} onInput={(event) => change({ says: event.currentTarget.value })} /></label>
      <Sourcing model={model} item={item} change={change} />
    </>
  );
}

interface AddFormProps {
  model: Model;
  busy: boolean;
  onAdd: (text: string) => void;
}

export function AddForm({ model, busy, onAdd }: AddFormProps) {
  const [item, setItem] = useState<Observation | null>(() => {
    const first = canBeSeen(model)[0];
    return first ? fresh(first) : null;
  });
  const [text, setText] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const wrong = text === null && item ? missing(item, model.clock.steps) : text?.trim() ? null : "Write the observation.";
  const add = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!wrong) onAdd(text ?? written(item!));
  };
  return (
    <form class="add-news" onSubmit={add}>
      {text === null && item ? <Fields model={model} item={item} change={(part) => setItem({ ...item, ...part })} /> : (
        <label>
          The observation, as it stands in the file
          <textarea rows={6} spellcheck={false} value={text ?? ""} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
      )}
      <p class="actions">
        <button type="submit" class="primary" disabled={busy}>{busy ? "Looking…" : "See what it changes"}</button>
        {item && (text === null
          ? <button type="button" onClick={() => setText(written(item))}>Write it as text</button>
          : <button type="button" onClick={() => setText(null)}>Back to the fields</button>)}
        <span class="wrong" role="status">{tried ? wrong : ""}</span>
      </p>
    </form>
  );
}
