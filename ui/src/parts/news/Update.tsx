// Judgements before and after what was observed, and which observation has moved which.

import { useState } from "preact/hooks";
import type { Changes, Model } from "../../types";
import { observedText, type Observed } from "../Basis";
import { Diagnostics, ProgressLine, useAsk } from "../common";
import { capital, plainName, points, questionText, withUnit, writingOf, type Writing } from "../numbers";
import { odds, proves, type Weight } from "./odds";

/** Answers that rest on fewer worlds are marked, as in the package's own reports. */
const THIN = 30;

interface Row {
  question: string | null;
  actor?: string | null;
  type?: string | null;
  before_mean: number | null;
  before_p05: number | null;
  before_p95: number | null;
  after_mean: number | null;
  after_p05: number | null;
  after_p95: number | null;
}

interface Weighed {
  step: number;
  observed: Record<string, string>;
  believed: number;
  says: string | null;
  expected: number | null;
  credence: number | null;
  effective_draws: number;
  questions: Record<string, Weight>;
  types?: Record<string, Record<string, Weight>>;
}

interface UpdateResult {
  draws: number;
  standing: Observed;
  observations: Weighed[];
  quantities: { quantity: string; unit: string; before: { p50: number; p05: number; p95: number }; after: { p50: number; p05: number; p95: number }; noticed: boolean }[];
  rows: Row[];
}

/** What is judged: the answer to a question, or of which type an actor is. */
interface Judgement {
  key: string;
  label: string;
  writing: Writing;
  row: Row;
  weight: (item: Weighed) => Weight | undefined;
}

function judgements(model: Model, result: UpdateResult): Judgement[] {
  return result.rows.map((row) => {
    const question = model.questions.find((one) => one.name === row.question);
    const { actor, type } = row;
    if (!row.question && actor && type)
      return { key: `${actor}.${type}`, label: `${capital(plainName(actor))} is ${plainName(type)}`, writing: writingOf(undefined), row, weight: (item) => item.types?.[actor]?.[type] };
    const name = row.question ?? "";
    const label = question ? questionText(question) + (question.form === "first" ? ": never" : "") : name;
    return { key: name, label, writing: writingOf(question), row, weight: (item) => item.questions[name] };
  });
}

function band(writing: Writing, low: number | null, high: number | null) {
  return low !== null && high !== null && <span class="quiet"> ({writing.value(low)} to {writing.value(high)})</span>;
}

function Rows({ all }: { all: Judgement[] }) {
  return (
    <table class="update">
      <caption class="unseen">Judgements before and after</caption>
      <thead><tr><th scope="col">Judgement</th><th scope="col">Before</th><th scope="col">Now</th><th scope="col">Change</th></tr></thead>
      <tbody>
        {all.map(({ label, writing, row }) => {
          const gap = row.after_mean === null || row.before_mean === null ? null : row.after_mean - row.before_mean;
          return (
            <tr>
              <th scope="row">{label}</th>
              <td data-label="Before">{withUnit(writing.value(row.before_mean), writing.unit)}{band(writing, row.before_p05, row.before_p95)}</td>
              <td data-label="Now"><strong>{withUnit(writing.value(row.after_mean), writing.unit)}</strong>{band(writing, row.after_p05, row.after_p95)}</td>
              <td data-label="Change">{withUnit(writing.gap(gap), writing.gapUnit)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function seenText(item: Weighed): string {
  return item.says ?? Object.entries(item.observed).map(([name, value]) => `${name} ${value}`).join(", ");
}

function Weights({ all, first, result }: { all: Judgement[]; first: string; result: UpdateResult }) {
  const [key, setKey] = useState(first);
  const one = all.find((judgement) => judgement.key === key) ?? all[0];
  if (!one) return null;
  const adds = (item: Weighed) => {
    const without = one.weight(item)?.without ?? null;
    return one.row.after_mean === null || without === null ? null : one.row.after_mean - without;
  };
  const size = (item: Weighed) => {
    const weight = one.weight(item);
    if (weight && (weight.odds_times === 0 || (one.writing.share && proves(weight, one.row.after_mean)))) return Infinity;
    return Math.abs(Math.log(weight?.odds_times ?? 1)) || Math.abs(adds(item) ?? 0);
  };
  const items = [...result.observations].sort((a, b) => Number(size(b) > size(a)) - Number(size(b) < size(a)));
  const share = writingOf(undefined).value;
  return (
    <>
      <h3>
        <label>
          Which observation moved{" "}
          <select value={one.key} onChange={(event) => setKey(event.currentTarget.value)}>
            {all.map((judgement) => <option value={judgement.key}>{judgement.label}</option>)}
          </select>
        </label>
      </h3>
      <table class="update">
        <caption class="unseen">What each observation adds to: {one.label}</caption>
        <thead><tr><th scope="col">Observation</th><th scope="col">Was to be expected</th><th scope="col">Is true</th><th scope="col">Without it</th><th scope="col">It adds</th><th scope="col">Odds times</th></tr></thead>
        <tbody>
          {items.map((item) => (
            <tr>
              <th scope="row">step {item.step}: {seenText(item)}</th>
              <td data-label="Was to be expected">{share(item.expected)}</td>
              <td data-label="Is true">{item.credence === null ? "certain" : share(item.credence)}</td>
              <td data-label="Without it">{withUnit(one.writing.value(one.weight(item)?.without), one.writing.unit)}{item.effective_draws < THIN && " [few]"}</td>
              <td data-label="It adds">{withUnit(one.writing.gap(adds(item)), one.writing.gapUnit)}</td>
              <td data-label="Odds times">{one.writing.share ? odds(one.weight(item), one.row.after_mean) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        Odds times: how many times likelier the observation is if the judgement is true than if it is not, given all the others.
        {items.some((item) => item.effective_draws < THIN) && ` [few]: what would be said without it rests on fewer than ${THIN} worlds.`}
      </p>
    </>
  );
}

function Moved({ result }: { result: UpdateResult }) {
  const moved = result.quantities.filter((one) => one.noticed).slice(0, 8);
  const text = (one: { p50: number; p05: number; p95: number }, unit: string) => `${points(one.p50)} (${points(one.p05)} to ${points(one.p95)})${unit ? ` ${unit}` : ""}`;
  return (
    <>
      <h3>Uncertain numbers that have moved</h3>
      {moved.length
        ? <ul>{moved.map((one) => <li><code>{one.quantity}</code>: {text(one.before, one.unit)} before, {text(one.after, one.unit)} now</li>)}</ul>
        : <p>None by more than chance would show at this number of worlds.</p>}
    </>
  );
}

interface UpdateProps {
  model: Model;
  changes: Changes;
  question: string;
  news: string;
}

export function Update({ model, changes, question, news }: UpdateProps) {
  const asking = useAsk(model.id, changes, "update", { news });
  if (asking.state === "asking") return <ProgressLine progress={asking.progress} onCancel={asking.cancel} />;
  if (asking.state === "stopped") return <p class="quiet">Stopped. <button type="button" onClick={asking.again}>Ask again</button></p>;
  if (asking.state === "failed") {
    if (/no command/.test(asking.error.message)) return <p class="quiet">This server does not weigh observations yet. What you write down here can be saved all the same.</p>;
    return asking.error.diagnostics?.length ? <Diagnostics items={asking.error.diagnostics} /> : <p class="error" role="alert">{asking.error.message}</p>;
  }
  const result = asking.result as UpdateResult;
  const all = judgements(model, result);
  return (
    <>
      <Rows all={all} />
      <p class="quiet">{observedText(result.draws, result.standing)} In brackets, the middle 90 % of them.</p>
      <Weights key={question} all={all} first={question} result={result} />
      <Moved result={result} />
    </>
  );
}
