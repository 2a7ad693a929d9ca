// Judgements before and after what was observed, and which observation has moved which.

import { useState } from "preact/hooks";
import type { Changes, Model } from "../../types";
import { Diagnostics, ProgressLine, useAsk } from "../common";
import { points, questionText, withUnit, writingOf, type Question, type Writing } from "../numbers";

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
  questions: Record<string, { without: number | null; odds_times: number | null }>;
}

interface UpdateResult {
  draws: number;
  standing: { effective_draws: number; dropped: number; moved: { distinct?: number } | null };
  observations: Weighed[];
  quantities: { quantity: string; unit: string; before: { p50: number; p05: number; p95: number }; after: { p50: number; p05: number; p95: number }; noticed: boolean }[];
  rows: Row[];
}

function band(writing: Writing, low: number | null, high: number | null) {
  return <span class="quiet"> ({writing.value(low)} to {writing.value(high)})</span>;
}

function Rows({ model, result }: { model: Model; result: UpdateResult }) {
  return (
    <div class="wide">
      <table class="update">
        <caption class="unseen">Judgements before and after</caption>
        <thead><tr><th scope="col">Judgement</th><th scope="col">Before</th><th scope="col">Now</th><th scope="col">Change</th></tr></thead>
        <tbody>
          {result.rows.map((row) => {
            const question = model.questions.find((one) => one.name === row.question);
            const writing = writingOf(question);
            const gap = row.after_mean === null || row.before_mean === null ? null : row.after_mean - row.before_mean;
            return (
              <tr>
                <th scope="row">{question ? questionText(question) : row.question ?? `${row.actor} is ${row.type}`}{question?.form === "first" && ": never"}</th>
                <td data-label="Before">{withUnit(writing.value(row.before_mean), writing.unit)}{band(writing, row.before_p05, row.before_p95)}</td>
                <td data-label="Now"><strong>{withUnit(writing.value(row.after_mean), writing.unit)}</strong>{band(writing, row.after_p05, row.after_p95)}</td>
                <td data-label="Change">{withUnit(writing.gap(gap), writing.gapUnit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** By how much the odds are multiplied; null travels where that is no finite number. */
function odds(times: number | null): string {
  if (times === null) return "–";
  if (Math.abs(times - 1) <= 0.005) return "1";
  if (times === 0) return "rules it out";
  return times > 1 ? `× ${points(times)}` : `÷ ${points(1 / times)}`;
}

function seenText(item: Weighed): string {
  return item.says ?? Object.entries(item.observed).map(([name, value]) => `${name} ${value}`).join(", ");
}

function Weights({ model, question, result }: { model: Model; question: Question; result: UpdateResult }) {
  const [name, setName] = useState(question.name);
  return (
    <>
      <h3>
        <label>
          Which observation moved{" "}
          <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {model.questions.map((one) => <option value={one.name}>{questionText(one)}</option>)}
          </select>
        </label>
      </h3>
      <WeightsOf question={model.questions.find((one) => one.name === name) ?? question} result={result} />
    </>
  );
}

function WeightsOf({ question, result }: { question: Question; result: UpdateResult }) {
  const writing = writingOf(question);
  const now = result.rows.find((row) => row.question === question.name)?.after_mean ?? null;
  const adds = (item: Weighed) => {
    const without = item.questions[question.name]?.without ?? null;
    return now === null || without === null ? null : now - without;
  };
  const size = (item: Weighed) => Math.abs(Math.log(item.questions[question.name]?.odds_times || 1)) || Math.abs(adds(item) ?? 0);
  const items = [...result.observations].sort((a, b) => size(b) - size(a));
  const thin = items.some((item) => item.effective_draws < THIN);
  return (
    <>
      <div class="wide">
        <table class="update">
          <thead><tr><th scope="col">Observation</th><th scope="col">Was to be expected</th><th scope="col">Is true</th><th scope="col">Without it</th><th scope="col">It adds</th><th scope="col">Odds times</th></tr></thead>
          <tbody>
            {items.map((item) => (
              <tr>
                <th scope="row">step {item.step}: {seenText(item)}</th>
                <td data-label="Was to be expected">{writingOf(undefined).value(item.expected)}</td>
                <td data-label="Is true">{item.credence === null ? "certain" : writingOf(undefined).value(item.credence)}</td>
                <td data-label="Without it">{withUnit(writing.value(item.questions[question.name]?.without), writing.unit)}{item.effective_draws < THIN && " [few]"}</td>
                <td data-label="It adds">{withUnit(writing.gap(adds(item)), writing.gapUnit)}</td>
                <td data-label="Odds times">{writing.share ? odds(item.questions[question.name]?.odds_times ?? null) : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        Odds times: how many times likelier the observation is if the answer is yes than if it is no, given all the others.
        {thin && ` [few]: what would be said without it rests on fewer than ${THIN} worlds.`}
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

function standing(result: UpdateResult): string {
  const { effective_draws, dropped, moved } = result.standing;
  const counts = Math.round(effective_draws).toLocaleString("en");
  const text = moved
    ? `${result.draws.toLocaleString("en")} worlds, drawn anew by how likely what was observed is in them; few of the first ones were left.`
    : `${result.draws.toLocaleString("en")} worlds. Each counts by how likely what was observed is in it: as ${counts} equal ones in all.`;
  return dropped ? `${text} In ${dropped.toLocaleString("en")} it cannot be; these are left out.` : text;
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
  const asked = model.questions.find((one) => one.name === question) ?? model.questions[0];
  return (
    <>
      <Rows model={model} result={result} />
      <p class="quiet">{standing(result)} In brackets, the middle 90 % of them.</p>
      {asked && <Weights key={asked.name} model={model} question={asked} result={result} />}
      <Moved result={result} />
    </>
  );
}
