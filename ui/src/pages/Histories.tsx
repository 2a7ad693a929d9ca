// How the crisis may go, told as stories: drawn at random, given an outcome, or the most likely one.

import type { PageProps } from ".";
import { Basis, Changed, useSettled } from "../parts/Basis";
import { Asked, useAsk } from "../parts/common";
import { Export } from "../parts/Export";
import { questionText } from "../parts/numbers";
import type { Model } from "../types";
import { go, view } from "../url";
import { Story } from "./histories/Story";
import { conclusion, type HistoriesResult } from "./histories/result";
import "./Histories.css";

const COUNT = 3;
const OUTCOMES = ["at_end", "eventually", "takes"];
const COLUMNS = ["history", "world", "step", "date", "kind", "name", "actor", "what", "says", "chance", "share", "changes", "imposed", "news"] as const;

type Row = Record<(typeof COLUMNS)[number], string | number | boolean | null>;
const csv = (result: HistoriesResult) => [[...COLUMNS], ...result.rows.map((row) => COLUMNS.map((name) => (row as unknown as Row)[name]))];

function set(change: Record<string, string | null>): void {
  const more = Object.entries({ ...view.value.more, ...change }).filter((entry): entry is [string, string] => entry[1] !== null);
  go({ more: Object.fromEntries(more) });
}

function Choices({ model, seed, given, likely }: { model: Model; seed: number; given: string | undefined; likely: boolean }) {
  const outcomes = model.questions.filter((one) => OUTCOMES.includes(one.form));
  return (
    <div class="choices">
      <label>
        Only histories in which
        <select value={given ?? ""} onChange={(event) => set({ given: event.currentTarget.value || null })}>
          <option value="">anything may happen</option>
          {outcomes.map((one) => <option value={one.name}>Yes: {questionText(one)}</option>)}
        </select>
      </label>
      {!model.typed && (
        <button type="button" class="page-act" aria-pressed={likely} onClick={() => set({ likely: likely ? null : "yes" })}>The most likely one</button>
      )}
      <button type="button" class="page-act" disabled={likely} onClick={() => set({ seed: String(seed + 1) })}>Draw again</button>
      {seed > 0 && !likely && <button type="button" class="page-act" onClick={() => set({ seed: seed === 1 ? null : String(seed - 1) })}>Back to the ones before</button>}
    </div>
  );
}

function Answered({ model, result }: { model: Model; result: HistoriesResult }) {
  return (
    <>
      <div class="histories-head">
        <p class="main-finding">{conclusion(result, model)}</p>
        <Export name={`${model.name} histories`} rows={() => csv(result)} />
      </div>
      {result.histories.map((history) => <Story key={history.history} model={model} result={result} history={history} />)}
      <p class="quiet">
        Beside a move stands how likely the actor was to choose it, once it chose at all; beside an event, how likely it was in that step
        {result.given ? ", whatever comes of it" : ""}. Any single history is unlikely{result.most_likely ? ", since the same a step later is another." : ": look for what they share."}
      </p>
      <Basis result={{ ...result, draws: undefined }} more={result.most_likely ? "" : "The same seed tells the same histories."} />
    </>
  );
}

export default function Histories({ model, changes }: PageProps) {
  const settled = useSettled(changes);
  const { seed: written, given, likely: most } = view.value.more;
  const seed = Math.max(0, Math.round(Number(written ?? 0)) || 0);
  const likely = most === "yes" && !model.typed;
  const chosen = model.questions.find((one) => one.name === given)?.name;
  const options = likely ? { most_likely: true, given: chosen } : { count: COUNT, seed, given: chosen };
  const asking = useAsk(model.id, settled, "histories", options);
  return (
    <>
      <Choices model={model} seed={seed} given={chosen} likely={likely} />
      {model.typed && <p class="quiet">Where actors have private types, each history begins with who is of which type. The most likely one cannot be told there yet.</p>}
      <Changed changes={settled} />
      <div class="waits"><Asked asking={asking}>{(result: HistoriesResult) => <Answered model={model} result={result} />}</Asked></div>
    </>
  );
}
