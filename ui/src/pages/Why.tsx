// Why an actor chooses as it does: words first, then each option against the one most likely taken.

import type { PageProps } from ".";
import { Basis, Changed, Lacks, useSettled } from "../parts/Basis";
import { Asked, Panel, useAsk } from "../parts/common";
import { Numbers, type Table } from "../parts/charts/Figure";
import { capital, fixed, percent, placesFor, plainName, quoted, unbroken } from "../parts/numbers";
import { fewDraws } from "../parts/WorldsChoice";
import type { Model } from "../types";
import { go, view } from "../url";
import { OptionWhy } from "./why/OptionWhy";
import { finding, residualOf, toldOf, type Told, type WhyResult } from "./why/result";
import "./Why.css";

const YAML = `moves:
  - actor: patron
    when: fighting
    options:
      stand_aside: {}
      intervene: {sets: {help: troops}, pays: {patron: -8}}`;

function set(key: string, value: string | null): void {
  const { [key]: _, ...rest } = view.value.more;
  go({ more: value === null ? rest : { ...rest, [key]: value } });
}

function Choices({ model, actor, turn, step }: { model: Model; actor: string; turn: string; step: number }) {
  const deciding = model.actors.filter((one) => one.turns.length);
  const turns = deciding.find((one) => one.name === actor)?.turns ?? [];
  const { steps, unit } = model.clock;
  return (
    <div class="choices">
      <label>
        Whose decision
        <select value={actor} onChange={(event) => go({ more: { actor: event.currentTarget.value } })}>
          {deciding.map((one) => <option value={one.name}>{capital(plainName(one.name))}</option>)}
        </select>
      </label>
      {turns.length > 1 && (
        <label>
          Which turn
          <select value={turn} onChange={(event) => set("turn", event.currentTarget.value)}>
            {turns.map((one) => <option value={one.name}>{capital(plainName(one.name))}</option>)}
          </select>
        </label>
      )}
      <label>
        In which step, 0 to {steps - 1} ({unit} each)
        <input type="number" min={0} max={steps - 1} value={step} onChange={(event) => set("step", String(Math.min(steps - 1, Math.max(0, Math.round(event.currentTarget.valueAsNumber || 0)))))} />
      </label>
    </div>
  );
}

function tableOf(told: Told): Table {
  const gaps = Object.values(told.options).map((option) => Math.abs(option.gap.mean ?? 0));
  const places = placesFor(Math.max(...gaps));
  const entries = Object.entries(told.options);
  return {
    head: ["option", "taken", "best reply in", "behind (points)", "5 %", "95 %", "at once", "this step", "later"],
    rows: entries.map(([name, o]) => [name, o.share.mean, o.best.mean, o.gap.mean, o.gap.p05, o.gap.p95, o.at_once.mean, o.this_step.mean, o.later.mean]),
    shown: entries.map(([name, o]) => [
      capital(plainName(name)), percent(o.share.mean), percent(o.best.mean),
      ...[o.gap.mean, o.gap.p05, o.gap.p95, o.at_once.mean, o.this_step.mean, o.later.mean].map((value) => fixed(value, places, true)),
    ]),
  };
}

function OneTold({ model, result, told }: { model: Model; result: WhyResult; told: Told }) {
  const [first, ...rest] = finding(result.actor, told);
  const table = tableOf(told);
  const title = told.type ? `If it is ${plainName(told.type)}` : `What ${capital(plainName(result.actor))} weighs`;
  return (
    <Panel title={title}>
      <p class="main-finding"><strong>{unbroken(first!)}</strong> {unbroken(rest.join(" "))}</p>
      <p>It comes to decide there with probability {percent(told.decides.mean)}.</p>
      <Numbers table={table} name={`${model.name} why ${result.actor}${told.type ? ` ${told.type}` : ""}`} caption={`Behind: by how many points an option is worth less than ${quoted(told.most_likely)}; the last three columns sum to it. Best reply: in how many of the worlds.`} />
      {Object.keys(told.options).filter((option) => option !== told.most_likely).map((option) => (
        <OptionWhy key={option} model={model} result={result} told={told} option={option} />
      ))}
    </Panel>
  );
}

function Answered({ model, result }: { model: Model; result: WhyResult }) {
  return (
    <>
      {result.imposed && <p class="changed">A what-if imposes {quoted(result.imposed)} here; what follows is what {capital(plainName(result.actor))} would choose freely.</p>}
      {toldOf(result).map((told) => <OneTold key={told.type} model={model} result={result} told={told} />)}
      <Basis result={{ ...result, residual: residualOf(result) }} more="Parts sum to the whole in every world, since under given behaviour values add up." />
    </>
  );
}

export default function Why({ model, changes }: PageProps) {
  const settled = useSettled(changes);
  const { actor, turn, step } = view.value.more;
  const options = { actor, turn, step: step === undefined ? undefined : Number(step), draws: fewDraws(model) };
  const deciding = model.actors.filter((one) => one.turns.length);
  if (!deciding.length) return <Lacks says="Nobody decides anything in this file, so there is no choice to explain." yaml={YAML} writable={model.writable} />;
  return <Asking model={model} changes={settled} options={options} />;
}

function Asking({ model, changes, options }: { model: Model; changes: PageProps["changes"]; options: { actor?: string; turn?: string; step?: number } }) {
  const asking = useAsk(model.id, changes, "why", options);
  const found: WhyResult | null = asking.state === "answered" ? asking.result : null;
  const actor = found?.actor ?? options.actor ?? model.actors.find((one) => one.turns.length)!.name;
  const turn = found?.turn ?? options.turn ?? model.actors.find((one) => one.name === actor)?.turns[0]?.name ?? "";
  return (
    <>
      <Choices model={model} actor={actor} turn={turn} step={found?.step ?? options.step ?? 0} />
      <Changed changes={changes} />
      <div class="waits"><Asked asking={asking}>{(result: WhyResult) => <Answered model={model} result={result} />}</Asked></div>
    </>
  );
}
