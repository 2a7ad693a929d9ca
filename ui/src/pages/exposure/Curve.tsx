// The exceedance curve: how likely it is that more than an amount is lost.

import { Figure } from "../../parts/charts/Figure";
import { Plotted } from "../../parts/charts/Series";
import { capital, percent, tidy } from "../../parts/numbers";
import { levelText, positionText, type ExposureResult, type ExposureRow } from "./result";

export function Curve({ name, result, row }: { name: string; result: ExposureResult; row: ExposureRow }) {
  const curve = result.exceedance[row.position] ?? [];
  const unit = row.unit || "amount";
  const table = {
    head: [`more than (${unit})`, "probability"],
    rows: curve.map(({ loss, probability }) => [loss, probability]),
    shown: curve.map(({ loss, probability }) => [tidy(loss), percent(probability)]),
  };
  // How likely a larger loss is never grows with the loss, so between two amounts it lies between their probabilities.
  const steps = curve.slice(1).map((next, place) => ({ from: curve[place]!.loss, to: next.loss, most: curve[place]!.probability, least: next.probability }));
  const any = curve[0]?.probability ?? 0;
  const says = `How likely it is that more than an amount is lost at the end: anything at all with probability ${percent(any)}. The dashed line is the value at risk, ${tidy(row.value_at_risk)} ${row.unit}, which is not exceeded with probability ${levelText(result.level)}. Between the marked amounts it lies within the shaded steps.`;
  return (
    <Figure name={`${name} ${row.position} exceedance`} title={`How likely a larger loss is: ${capital(positionText(row))}`} says={says} table={table}>
      {(width) => (
        <Plotted
          width={width}
          height={240}
          redraw={JSON.stringify([row.position, curve, row.value_at_risk])}
          options={(plot) => ({
            marginLeft: 52,
            marginBottom: 40,
            x: { label: `more than this is lost (${unit})`, labelAnchor: "center", labelArrow: "none", ticks: Math.max(3, width / 110) },
            y: { grid: true, domain: [0, Math.max(any, 0.01)], tickFormat: (value: number) => percent(value).replace(".0 %", " %"), label: null, ticks: 5 },
            marks: [
              plot.rect(steps, { x1: "from", x2: "to", y1: "least", y2: "most", fill: "var(--c1)", fillOpacity: 0.25 }),
              plot.ruleY(steps, { x1: "from", x2: "to", y: "least", stroke: "var(--c1)", strokeWidth: 1.5 }),
              plot.ruleY(steps, { x1: "from", x2: "to", y: "most", stroke: "var(--c1)", strokeWidth: 1.5 }),
              plot.dot(curve, { x: "loss", y: "probability", fill: "var(--c1)", r: 3 }),
              plot.ruleX([row.value_at_risk ?? 0], { stroke: "var(--c2)", strokeWidth: 2, strokeDasharray: "6,4" }),
            ],
          })}
        />
      )}
    </Figure>
  );
}
