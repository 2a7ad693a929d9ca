// What may be lost at the end, and how likely; by how it ends, and under what-ifs.

import type { PageProps } from ".";
import { Basis, Changed, Lacks, LeftOut, useSettled, withoutMoves } from "../parts/Basis";
import { Asked, Panel, useAsk } from "../parts/common";
import { Intervals } from "../parts/charts/Intervals";
import { Numbers, type Table } from "../parts/charts/Figure";
import { capital, percent, plainName, points, unbroken } from "../parts/numbers";
import type { Model } from "../types";
import { go, view } from "../url";
import { withPlace, drawsOf, WorldsChoice } from "../parts/WorldsChoice";
import { Curve } from "./exposure/Curve";
import { baseOf, endingsOf, levelText, positionsOf, positionText, sentence, spreadText, underWhatIfs, type ExposureResult, type ExposureRow } from "./exposure/result";

const YAML = `exposures:
  power_plant:
    holder: patron
    value: {value: 2.7, unit: bn USD}
    lost: {client_fallen: 80%}`;
const LEVELS = ["90%", "95%", "99%"];

const set = (key: string, value: string) => go({ more: { ...view.value.more, [key]: value } });

function tableOf(rows: ExposureRow[], level: number, nameOf: (row: ExposureRow) => string, withShare = false): Table {
  const keys = ["any_loss", "mean", "median", "p05", "p95", "value_at_risk", "expected_shortfall"] as const;
  const head = ["", "unit", ...(withShare ? ["probability"] : []), "any loss", "mean", "median", "5 %", "95 %", `at risk, ${levelText(level)}`, "shortfall"];
  return {
    head,
    rows: rows.map((row) => [nameOf(row), row.unit, ...(withShare ? [row.probability] : []), ...keys.map((key) => row[key])]),
    shown: rows.map((row) => [nameOf(row), row.unit, ...(withShare ? [percent(row.probability)] : []), percent(row.any_loss), ...keys.slice(1).map((key) => points(row[key]))]),
  };
}

function Endings({ model, result, row }: { model: Model; result: ExposureResult; row: ExposureRow }) {
  const endings = endingsOf(result, row.position);
  const what = endings[0]?.given;
  if (!what) return null;
  const table = tableOf(endings, result.level, (one) => plainName(one.value ?? ""), true);
  const known = endings.filter((one) => one.mean !== null);
  return (
    <Panel title={`By how it ends: ${plainName(what)}`}>
      <Intervals
        name={`${model.name} mean losses by ${what}`}
        heading={`Losses by how it ends: ${plainName(what)}`}
        says={`The mean loss (${capital(positionText(row))}) for each way in which it may end, and the middle 90 % of cases. Worlds in which it is likelier to end so count more there.`}
        items={known.map((one) => ({ label: `${plainName(one.value ?? "")} (${percent(one.probability)})`, mean: one.mean, low: one.p05, high: one.p95 }))}
        write={(value) => points(value)} unit={row.unit} of="cases"
      />
      <Numbers table={table} caption="Losses given how it ends." name={`${model.name} losses by ${what}`} />
    </Panel>
  );
}

function UnderWhatIfs({ model, result, row }: { model: Model; result: ExposureResult; row: ExposureRow }) {
  const rows = underWhatIfs(result, row.position);
  if (!rows.length) return null;
  const nameOf = (name: string | null) => model.what_ifs.find((one) => one.name === name)?.says.replace(/\.$/, "") || capital(plainName(name ?? ""));
  const table = tableOf(rows, result.level, (one) => nameOf(one.what_if));
  const largest = rows.filter((one) => one.change_mean !== null).sort((one, other) => Math.abs(other.change_mean!) - Math.abs(one.change_mean!));
  const unlike = rows.filter((one) => one.change_mean === null).length;
  return (
    <Panel title="Under what-ifs">
      <Intervals
        name={`${model.name} ${row.position} under what-ifs`}
        heading={`Losses under what-ifs: ${capital(positionText(row))}`}
        says={`By how much the mean loss (${capital(positionText(row))}) changes under each what-if, world by world; the largest change comes first.${unlike ? ` Under ${unlike} of them this is not the same exposure, so there is no difference to tell.` : ""}`}
        items={largest.map((one) => ({ label: nameOf(one.what_if), mean: one.change_mean, low: one.change_p05, high: one.change_p95 }))}
        write={(value) => points(value, true)} unit={row.unit} signed
      />
      <Numbers table={table} caption="Losses under each what-if, over all worlds and all endings." name={`${model.name} losses under what-ifs`} />
    </Panel>
  );
}

function Answered({ model, result }: { model: Model; result: ExposureResult }) {
  const positions = positionsOf(result);
  const row = positions.find((one) => one.position === view.value.more.position) ?? positions[0]!;
  const table = tableOf(positions, result.level, (one) => capital(positionText(one)));
  const heads = positions.filter((one) => one.exposure === null);
  return (
    <>
      <Panel title="What may be lost">
        {(heads.length ? heads : positions).map((one) => <p class="main-finding">{unbroken(capital(sentence(one, result.level)))}</p>)}
        <Numbers
          table={table}
          name={`${model.name} losses`}
          caption={`Losses at the end. At risk, ${levelText(result.level)}: the loss that is not exceeded with this probability. Shortfall: the mean loss in the worst ${levelText(1 - result.level)} of cases. Sums are taken case by case; losses in different units are never added up.`}
        />
        {result.rates.map((rate) => <p class="quiet">Losses in {rate.unit} are turned into {rate.into} at {plainName(rate.quantity)} in each world.</p>)}
      </Panel>
      {positions.length > 1 && (
        <div class="choices">
          <label>
            Look at
            <select value={row.position} onChange={(event) => set("position", event.currentTarget.value)}>
              {positions.map((one) => <option value={one.position}>{capital(positionText(one))}</option>)}
            </select>
          </label>
        </div>
      )}
      <Panel title={capital(positionText(row))}>
        <Curve name={model.name} result={result} row={row} />
        <p>{spreadText(row)}</p>
      </Panel>
      <Endings model={model} result={result} row={row} />
      <UnderWhatIfs model={model} result={result} row={row} />
      <Basis result={result} more={`Chance is summed up exactly in each world; the worst ${levelText(1 - result.level)} of cases may still rest on few worlds, so solve more before you quote figures of the tail.`} />
    </>
  );
}

function Asking({ model, changes: all }: { model: Model; changes: PageProps["changes"] }) {
  const changes = withoutMoves(model, all);
  const { by, level = "95%" } = view.value.more;
  const variable = model.variables.find((one) => one.name === by) ?? model.variables[0];
  const options = { level: LEVELS.includes(level) ? level : "95%", by: variable ? [variable.name] : [], what_ifs: model.what_ifs.length ? "all" : undefined, draws: drawsOf(model) };
  const asking = withPlace(useAsk(model.id, changes, "exposure", options), model);
  return (
    <>
      <div class="choices">
        {variable && (
          <label>
            By how it ends
            <select value={variable.name} onChange={(event) => set("by", event.currentTarget.value)}>
              {model.variables.map((one) => <option value={one.name}>{capital(plainName(one.name))}</option>)}
            </select>
          </label>
        )}
        <label>
          Level of what is at risk
          <select value={options.level} onChange={(event) => set("level", event.currentTarget.value)}>
            {LEVELS.map((one) => <option value={one}>{one.replace("%", " %")}</option>)}
          </select>
        </label>
        <WorldsChoice model={model} />
      </div>
      <Changed changes={changes} />
      <LeftOut model={model} changes={all} where="What it does to losses stands under “Under what-ifs”." />
      <div class="waits">
        <Asked asking={asking}>{(result: ExposureResult) => (baseOf(result).length ? <Answered model={model} result={result} /> : <p>Nothing is at risk.</p>)}</Asked>
      </div>
    </>
  );
}

export default function Exposure({ model, changes }: PageProps) {
  const settled = useSettled(changes);
  if (model.exposures.length) return <Asking model={model} changes={settled} />;
  return <Lacks says="This file has no exposures, so nothing is at risk: what somebody holds, what it is worth, and when it is lost." yaml={YAML} writable={model.writable} />;
}
