// How likely each level of each variable is at the end of each step: areas that sum to 1.

import type { Answer, Model } from "../../types";
import { Loaded } from "../loaded";
import { capital, percent, plainName } from "../numbers";
import { Areas, areasAsSvg, type Layer, layersOf } from "./Areas";
import { endOf, stepLength } from "./steps";

const exportPart = () => import("../Export").then((found) => ({ default: found.Export }));

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
  const rows = () => [
    ["step", "end of step", ...layers.map((layer) => layer.level)],
    ...(layers[0]?.shares ?? []).map((_, step) => [step, endOf(clock, step), ...layers.map(({ shares }) => shares[step] ?? "")]),
  ];
  return (
    <figure class="time-chart">
      <figcaption>
        <strong>{capital(plainName(props.name))}</strong>
        <Loaded load={exportPart} props={{ svg: () => areasAsSvg(`${plainName(props.name)} at the end of each step`, { layers, clock }), rows, name: `${props.model.name} ${props.name} through time` }} />
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
        <p class="quiet never-changes">
          Never changes:{" "}
          {fixed.map(([name, shares]) => `${plainName(name)} (${plainName(Object.keys(shares).find((level) => shares[level] === still(shares))!)})`).join(", ")}.
        </p>
      )}
    </>
  );
}
