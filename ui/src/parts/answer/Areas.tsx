// Areas that sum to 1, step by step.

import type { Model } from "../../types";
import { percent, plainName } from "../numbers";
import { forExport } from "./forExport";
import { endOf } from "./steps";

const WIDTH = 340;
const HEIGHT = 150;
const [LEFT, RIGHT, TOP, BOTTOM] = [42, 8, 8, 20];

const SHADES = 6;
/** The class of a level's fill: the ends of the scale are always used. */
const shade = (place: number, count: number) => `shade-${Math.round((place * (SHADES - 1)) / Math.max(1, count - 1))}`;

export interface Layer {
  level: string;
  shares: (number | null)[];
  fill: string;
}

/** The levels from the lowest, which lies at the bottom; only those that the answer has. */
export function layersOf(levels: string[], shares: Record<string, (number | null)[]>): Layer[] {
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

interface AreasProps {
  layers: Layer[];
  clock: Model["clock"];
}

function Drawing({ layers, clock }: AreasProps) {
  const steps = layers[0]?.shares.length ?? 0;
  let low: number[] = Array(steps).fill(0);
  const areas = layers.map(({ level, shares, fill }) => {
    const high = shares.map((share, step) => low[step]! + (share ?? 0));
    const path = area(low, high);
    low = high;
    return <path key={level} class={`layer ${fill}`} d={path} />;
  });
  return (
    <>
      {areas}
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="tick" x1={LEFT - 3} x2={LEFT} y1={y(share)} y2={y(share)} />
          <text class="axis-text" x={LEFT - 6} y={y(share) + 3.5} text-anchor="end">{`${100 * share} %`}</text>
        </g>
      ))}
      <text class="axis-text" x={LEFT} y={HEIGHT - 5}>{endOf(clock, 0)}</text>
      {steps > 1 && <text class="axis-text" x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">{endOf(clock, steps - 1)}</text>}
    </>
  );
}

export function Areas(props: AreasProps) {
  return (
    <svg class="areas" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <Drawing {...props} />
    </svg>
  );
}

/** The chart with its title and its levels, as one picture. */
export function areasAsSvg(title: string, props: AreasProps): SVGElement {
  const { layers } = props;
  const width = WIDTH + 190;
  const height = Math.max(HEIGHT, 12 + 22 * layers.length) + 34;
  return forExport(
    <svg class="band-picture" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <text class="ink title" x="12" y="22">{title}</text>
      <g transform="translate(0 34)">
        <Drawing {...props} />
        {[...layers].reverse().map(({ level, shares, fill }, place) => (
          <g key={level} transform={`translate(${WIDTH + 8} ${12 + 22 * place})`}>
            <rect class={fill} width="12" height="12" />
            <text class="ink" x="20" y="11">{plainName(level)}: {percent(shares.at(-1))}</text>
          </g>
        ))}
      </g>
    </svg>,
  );
}
