// Each driver in words: which way it moves the answer, with the way to its slider and to what it rests on.

import { Export } from "../../parts/Export";
import { Source } from "../../parts/Source";
import { Panel } from "../../parts/common";
import { plainName, points, withUnit, type Writing } from "../../parts/numbers";
import type { Model } from "../../types";
import { directionText, matters, quantitiesOf, rangeText, rowsOf, stepText, type DriversResult, type Slope } from "./result";
import { turnTo } from "./turn";

function Links({ model, name }: { model: Model; name: string }) {
  const quantity = model.quantities.find((one) => one.name === name);
  if (!quantity) return null;
  return (
    <span class="driver-links">
      {quantity.path && <button type="button" class="page-act" onClick={(event) => turnTo(name, event.currentTarget)}>Turn it</button>}
      <Source because={quantity.because} line={quantity.line} model={model} what={name} />
    </span>
  );
}

function One({ model, slope, writing, chance }: { model: Model; slope: Slope; writing: Writing; chance: boolean }) {
  const [low, high] = [slope.at_low, slope.at_high].map((value) => withUnit(writing.value(value), writing.unit));
  return (
    <li>
      <strong>{plainName(slope.quantity)}</strong>: {rangeText(model, slope)} moves the answer from {low} to {high}. {directionText(slope, writing)}{" "}
      At the median: {stepText(model, slope, writing)}.{chance && <span class="quiet"> May be chance.</span>}
      <Links model={model} name={slope.quantity} />
    </li>
  );
}

export function DriverList({ model, result, writing }: { model: Model; result: DriversResult; writing: Writing }) {
  const slopes = new Map(result.slopes.map((slope) => [slope.quantity, slope]));
  const shown = rowsOf(result).filter(matters).flatMap((row) => quantitiesOf(row.group).map((name) => ({ slope: slopes.get(name), row })));
  const minor = rowsOf(result).filter((row) => !matters(row)).flatMap((row) => quantitiesOf(row.group).map(plainName));
  const rows = () => [
    ["quantity", "unit", "low (5 %)", "high (95 %)", "answer at low", "answer at high", "per unit", "rough", "in all (share of variance)"],
    ...result.slopes.map((slope) => {
      const row = result.rows.find((one) => quantitiesOf(one.group).includes(slope.quantity));
      return [slope.quantity, slope.unit, slope.low, slope.high, slope.at_low, slope.at_high, slope.per_unit, slope.is_rough, row?.total ?? null];
    }),
  ];
  return (
    <Panel title="Which way, one at a time" actions={<Export name={`${model.name} ${result.question} slopes`} rows={rows} />}>
      <p class="quiet">Each moved alone through its middle 90 %, all others at their medians; those that shift the answer most come first.</p>
      <ol class="driver-list">
        {shown.map(({ slope, row }) => slope && <One key={slope.quantity} model={model} slope={slope} writing={writing} chance={row.shift <= result.shift_noise} />)}
      </ol>
      {minor.length > 0 && <p class="quiet">Hardly at all: {minor.join(", ")}.</p>}
      <p class="quiet">
        May be chance: knowing it shifts the answer's distribution by no more than a quantity that does nothing may seem to, {points(result.shift_noise)} on a scale from 0 to 1.
      </p>
    </Panel>
  );
}
