// Questions that ask when: how likely it has happened by the end of each step.

import type { FirstTime, Model } from "../../types";
import { Loaded } from "../loaded";
import { percent, type Question, questionText, unbroken } from "../numbers";
import { forExport } from "./forExport";
import { endOf, moment } from "./steps";

const exportPart = () => import("../Export").then((found) => ({ default: found.Export }));

const summed = (reply: FirstTime): number[] => {
  let sum = 0;
  return reply.by_step.map((share) => (sum += share ?? 0));
};

const WIDTH = 340;
const HEIGHT = 110;

function path(shares: number[]): string {
  const x = (step: number) => 42 + ((WIDTH - 50) * step) / Math.max(1, shares.length - 1);
  const y = (share: number) => 90 - 82 * share;
  return shares.map((share, step) => (step ? `H${x(step).toFixed(1)}V${y(share).toFixed(1)}` : `M${x(0)},${y(share).toFixed(1)}`)).join("");
}

interface DrawingProps {
  sums: number[];
  before: number[] | null;
  clock: Model["clock"];
}

function Drawing({ sums, before, clock }: DrawingProps) {
  return (
    <>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="tick" x1={42} x2={WIDTH - 8} y1={90 - 82 * share} y2={90 - 82 * share} />
          <text class="axis-text" x={36} y={93.5 - 82 * share} text-anchor="end">{`${100 * share} %`}</text>
        </g>
      ))}
      {before && <path class="line ghost" d={path(before)} />}
      <path class="line now" d={path(sums)} />
      <text class="axis-text" x={42} y={105}>{clock.start ? endOf(clock, -1) : "start"}</text>
      <text class="axis-text" x={WIDTH - 8} y={105} text-anchor="end">{endOf(clock, sums.length - 2)}</text>
    </>
  );
}

function asSvg(title: string, drawn: DrawingProps): SVGElement {
  return forExport(
    <svg class="band-picture" width={2 * WIDTH} height={2 * HEIGHT + 34} viewBox={`0 -17 ${WIDTH} ${HEIGHT + 17}`}>
      <text class="ink" x="6" y="-5" font-size="9">{title}</text>
      <Drawing {...drawn} />
    </svg>,
  );
}

export function WhenChart(props: { question: Question; model: Model; now: FirstTime; before: FirstTime | undefined }) {
  const { question, now, before } = props;
  const { clock } = props.model;
  const sums = summed(now);
  const drawn = { sums, before: before ? summed(before) : null, clock };
  const likeliest = now.by_step.reduce<number>((best, share, step) => ((share ?? 0) > (now.by_step[best] ?? 0) ? step : best), 0);
  const place = (step: number) => moment(clock, step);
  const rows = () => [
    ["when", "has happened by then", "happens then"],
    ...now.by_step.map((share, step) => [place(step), sums[step]!, share ?? ""]),
    ["never", "", now.never ?? ""],
  ];
  return (
    <figure class="time-chart">
      <figcaption>
        <strong>{questionText(question)}</strong>
        <Loaded load={exportPart} props={{ svg: () => asSvg(questionText(question), drawn), rows, name: `${props.model.name} ${question.name}` }} />
      </figcaption>
      <svg class="areas" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <Drawing {...drawn} />
      </svg>
      <p>
        {now.never === null ? "What is given never holds" : unbroken(`Likeliest time: ${place(likeliest)} (${percent(now.by_step[likeliest])}); never: `)}
        {now.never !== null && <strong>{percent(now.never)}</strong>}
        {before ? <span class="quiet"> (was {percent(before.never)})</span> : ""}.
      </p>
      <details class="numbers">
        <summary>As a table</summary>
        <div class="scrolls" tabIndex={0}>
          <table>
            <thead>
              <tr><th scope="col">when</th><th scope="col">has happened by then</th><th scope="col">happens then</th></tr>
            </thead>
            <tbody>
              {now.by_step.map((share, step) => (
                <tr key={step}><th scope="row">{place(step)}</th><td>{percent(sums[step])}</td><td>{percent(share)}</td></tr>
              ))}
              <tr><th scope="row">never</th><td /><td>{percent(now.never)}</td></tr>
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
