// What value would change the answer: asked for on demand, since each quantity is moved through its range.

import { useState } from "preact/hooks";
import type { PageProps } from "..";
import { Basis, useSettled, withoutMoves } from "../../parts/Basis";
import { Asked, Panel, useAsk } from "../../parts/common";
import { Figure } from "../../parts/charts/Figure";
import { Plotted } from "../../parts/charts/Series";
import { Export } from "../../parts/Export";
import { counted, listed, percent, plainName, questionText, tidy, writingOf, type Question, type Writing } from "../../parts/numbers";
import type { Changes, Model } from "../../types";
import { crossings, stands, tippers, tipSentence, without, type TippingResult } from "./tips";

/** How values of a quantity are written. */
const amountOf = (model: Model, quantity: string) => (value: number | null) =>
  model.quantities.find((one) => one.name === quantity)?.family === "logitnormal" ? percent(value) : tidy(value);

interface LineProps {
  model: Model;
  result: TippingResult;
  quantity: string;
  threshold: number;
  writing: Writing;
}

function QuantityLine({ model, result, quantity, threshold, writing }: LineProps) {
  const line = result.lines[quantity]!;
  const unit = model.quantities.find((one) => one.name === quantity)?.unit ?? "";
  const amount = amountOf(model, quantity);
  const at = (values: number[] | null, answers: (number | null)[] | null, which: string) =>
    (values ?? []).map((value, place) => ({ value, answer: answers?.[place] ?? null, which }));
  const all = [...at(line.values, line.answers, "others at their medians"), ...at(line.mean_values, line.mean_answers, "mean over worlds")];
  const table = {
    head: ["others", `${quantity}${unit ? ` (${unit})` : ""}`, `answer${writing.share ? "" : ` (${writing.unit})`}`],
    rows: all.map((one) => [one.which, one.value, one.answer]),
    shown: all.map((one) => [one.which, amount(one.value), writing.value(one.answer)]),
  };
  const legend = (
    <p class="chart-legend">
      <span><i class="chart-swatch below" /> others at their medians</span>
      {line.mean_values && <span><i class="chart-swatch above" /> mean over worlds (dashed)</span>}
    </p>
  );
  return (
    <Figure name={`${model.name} tipping ${quantity}`} title={plainName(quantity)} says={`${tipSentence(result, quantity, amount)} Solid: all others at their medians; dashed: the mean over worlds.`} table={table} legend={legend}>
      {(width) => (
        <Plotted
          width={width}
          height={220}
          redraw={JSON.stringify([quantity, threshold, result.when])}
          options={(plot) => ({
            marginLeft: 52,
            marginBottom: 40,
            x: { label: unit ? `${plainName(quantity)} (${unit})` : plainName(quantity), labelAnchor: "center", labelArrow: "none", ticks: Math.max(3, width / 110), tickFormat: (value: number) => amount(value) },
            y: { grid: true, tickFormat: (value: number) => writing.value(value), label: null, ticks: 5 },
            marks: [
              plot.ruleY([threshold], { stroke: "var(--ink)", strokeDasharray: "2,3" }),
              plot.lineY(all.filter((one) => one.which.startsWith("others")), { x: "value", y: "answer", stroke: "var(--c1)", strokeWidth: 2.5 }),
              plot.lineY(all.filter((one) => one.which.startsWith("mean")), { x: "value", y: "answer", stroke: "var(--c2)", strokeWidth: 2, strokeDasharray: "6,4" }),
              plot.dot(crossings(result).filter((row) => row.quantity === quantity), { x: "value", y: () => threshold, r: 5, fill: "var(--raised)", stroke: "var(--ink)", strokeWidth: 2 }),
            ],
          })}
        />
      )}
    </Figure>
  );
}

function Found({ model, result, threshold, writing }: Omit<LineProps, "quantity">) {
  const found = tippers(result);
  const rest = without(result).map(plainName);
  const head = ["quantity", "unit", "low", "high", "others", "value", "share", "before", "after", "last", "p05", "p95"];
  const rows = () => [head, ...result.rows.map((row) => head.map((key) => (row as unknown as Record<string, string | number | null>)[key]))];
  return (
    <>
      <div class="tips-head">
        <p>{stands(result, writing)} {found.length ? `It changes with ${counted(found.length, "quantity").replace("quantitys", "quantities")}, each moved alone through its middle 90 %:` : "No quantity, moved alone through its middle 90 %, changes that."}</p>
        <Export name={`${model.name} tipping`} rows={rows} />
      </div>
      {found.slice(0, 4).map((quantity) => <QuantityLine key={quantity} model={model} result={result} quantity={quantity} threshold={threshold} writing={writing} />)}
      {found.length > 4 && <ul>{found.slice(4).map((quantity) => <li>{tipSentence(result, quantity, amountOf(model, quantity))}</li>)}</ul>}
      {rest.length > 0 && <p class="quiet">No such value in its range: {listed(rest.length > 12 ? [...rest.slice(0, 12), `${rest.length - 12} more`] : rest)}.</p>}
      <Basis result={result} more="Means are over these worlds; the bands over samples of them." />
    </>
  );
}

function Ask({ model, changes, question, value }: { model: Model; changes: Changes; question: Question; value: number }) {
  const writing = writingOf(question);
  const asking = useAsk(model.id, changes, "tipping", { when: writing.share ? `${question.name} > ${value}%` : `${question.name} > ${value}` });
  return <Asked asking={asking}>{(result: TippingResult) => <Found model={model} result={result} threshold={writing.share ? value / 100 : value} writing={writing} />}</Asked>;
}

export function Tipping({ model, changes, question: name }: PageProps) {
  const settled = withoutMoves(model, useSettled(changes));
  const question = model.questions.find((one) => one.name === name && one.form !== "first") ?? model.questions.find((one) => one.form !== "first");
  const [value, setValue] = useState<number | null>(50);
  const [asked, setAsked] = useState<string | null>(null);
  if (!question || !model.quantities.some((one) => one.uncertain)) return null;
  const writing = writingOf(question);
  const key = JSON.stringify([question.name, value]);
  return (
    <Panel title="What value would change the answer">
      <p>{questionText(question)}</p>
      <form class="choices" onSubmit={(event) => { event.preventDefault(); setAsked(key); }}>
        <label>
          The answer crosses ({writing.share ? "%" : writing.unit || "amount"})
          <input type="number" step="any" required value={value ?? ""} onInput={(event) => setValue(Number.isFinite(event.currentTarget.valueAsNumber) ? event.currentTarget.valueAsNumber : null)} />
        </label>
        <button class="page-act" disabled={value === null || asked === key}>Look for it</button>
      </form>
      {asked === key && value !== null && <Ask model={model} changes={settled} question={question} value={value} />}
    </Panel>
  );
}
