// How likely each level of each variable is at the end of each step: areas that sum to 1.

import type { Answer, Model } from "../../types";
import { Loaded } from "../loaded";
import { percent, plainName } from "../numbers";
import { endOf, stepLength } from "./steps";

const exportPart = () => import("../Export").then((found) => ({ default: found.Export }));

const WIDTH = 340;
const HEIGHT = 150;
const [LEFT, RIGHT, TOP, BOTTOM] = [42, 8, 8, 20];

const SHADES = 6;
/** The class of a level's fill: the ends of the scale are always used. */
const shade = (place: number, count: number) => `shade-${Math.round((place * (SHADES - 1)) / Math.max(1, count - 1))}`;

interface Layer {
  level: string;
  shares: (number | null)[];
  fill: string;
}

/** The levels from the lowest, which lies at the bottom; only those that the answer has. */
function layersOf(levels: string[], shares: Record<string, (number | null)[]>): Layer[] {
  const known = levels.filter((level) => level in shares);
  const names = known.length ? known : Object.keys(shares);
  return names.map((level, place) => ({ level, shares: shares[level]!, fill: shade(place, names.length) }));
}

function x(step: number, steps: number): number {
  return LEFT + ((WIDTH - LEFT - RIGHT) * step) / Math.max(1, steps - 1);
}

const y = (share: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;

function area(low: number[], high: number[]): string {
  // A single step is drawn as a block: an area needs two ends.
  const wide = low.length === 1;
  const lows = wide ? [low[0]!, low[0]!] : low;
  const highs = wide ? [high[0]!, high[0]!] : high;
  const top = highs.map((share, step) => `${x(step, lows.length).toFixed(1)},${y(share).toFixed(1)}`);
  const bottom = lows.map((share, step) => `${x(step, lows.length).toFixed(1)},${y(share).toFixed(1)}`).reverse();
  return `M${[...top, ...bottom].join("L")}Z`;
}

function Areas({ layers, clock }: { layers: Layer[]; clock: Model["clock"] }) {
  const steps = layers[0]?.shares.length ?? 0;
  let low: number[] = Array(steps).fill(0);
  const areas = layers.map(({ level, shares, fill }) => {
    const high = shares.map((share, step) => low[step]! + (share ?? 0));
    const path = area(low, high);
    low = high;
    return <path key={level} class={`layer ${fill}`} d={path} />;
  });
  return (
    <svg class="areas" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {areas}
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="tick" x1={LEFT - 3} x2={LEFT} y1={y(share)} y2={y(share)} />
          <text class="axis-text" x={LEFT - 6} y={y(share) + 3.5} text-anchor="end">{`${100 * share} %`}</text>
        </g>
      ))}
      <text class="axis-text" x={LEFT} y={HEIGHT - 5}>{endOf(clock, 0)}</text>
      {steps > 1 && <text class="axis-text" x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">{endOf(clock, steps - 1)}</text>}
    </svg>
  );
}

/** The numbers of a chart, as a table that readers can open. */
function Numbers({ layers, clock }: { layers: Layer[]; clock: Model["clock"] }) {
  return (
    <details class="numbers">
      <summary>As a table</summary>
      <div class="scrolls" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">end of step</th>
              {layers.map(({ level }) => <th key={level} scope="col">{plainName(level)}</th>)}
            </tr>
          </thead>
          <tbody>
            {(layers[0]?.shares ?? []).map((_, step) => (
              <tr key={step}>
                <th scope="row">{step}: {endOf(clock, step)}</th>
                {layers.map(({ level, shares }) => <td key={level}>{percent(shares[step])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Chart(props: { name: string; levels: string[]; model: Model; shares: Record<string, (number | null)[]>; before: Record<string, (number | null)[]> | undefined }) {
  const { clock } = props.model;
  const layers = layersOf(props.levels, props.shares);
  const last = (layers[0]?.shares.length ?? 1) - 1;
  const id = `areas-${props.name}`;
  const rows = () => [
    ["step", "end of step", ...layers.map((layer) => layer.level)],
    ...(layers[0]?.shares ?? []).map((_, step) => [step, endOf(clock, step), ...layers.map(({ shares }) => shares[step] ?? "")]),
  ];
  return (
    <figure class="time-chart" id={id}>
      <figcaption>
        <strong>{plainName(props.name)}</strong>
        <Loaded load={exportPart} props={{ svg: () => document.querySelector<SVGElement>(`#${CSS.escape(id)} svg`), rows, name: `${props.model.name} ${props.name} through time` }} />
      </figcaption>
      <Areas layers={layers} clock={clock} />
      <ul class="legend" aria-label={`${plainName(props.name)} at the end, from the top`}>
        {[...layers].reverse().map(({ level, shares, fill }) => {
          const before = props.before?.[level]?.[last];
          return (
            <li key={level}>
              <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" class={fill} /></svg>
              <span>{plainName(level)}</span>
              <span class="legend-number">{percent(shares[last])}</span>
              {props.before && <span class="quiet legend-before">was {percent(before)}</span>}
            </li>
          );
        })}
      </ul>
      <Numbers layers={layers} clock={clock} />
    </figure>
  );
}

/** Charts of what changes; what keeps its level throughout is said in a line. */
export function ThroughTime({ model, now, before }: { model: Model; now: Answer; before: Answer | null }) {
  const all = Object.entries(now.through_time);
  const still = (shares: Record<string, (number | null)[]>) =>
    Object.values(shares).find((share) => share.every((one) => one !== null && one > 1 - 1e-9));
  const moving = all.filter(([, shares]) => !still(shares));
  const fixed = all.filter(([, shares]) => still(shares));
  const variable = (name: string) => model.variables.find((one) => one.name === name);
  return (
    <>
      <p class="quiet">
        At the end of each step ({stepLength(model.clock)}). Beside each level, how likely it is at the last one.
      </p>
      <div class="time-charts">
        {moving.map(([name, shares]) => (
          <Chart key={name} name={name} levels={variable(name)?.levels ?? []} model={model} shares={shares} before={before?.through_time[name]} />
        ))}
      </div>
      {fixed.length > 0 && (
        <p class="quiet">
          Never changes:{" "}
          {fixed.map(([name, shares]) => `${plainName(name)} (${plainName(Object.keys(shares).find((level) => shares[level] === still(shares))!)})`).join(", ")}.
        </p>
      )}
    </>
  );
}
