// Parts that sum to a whole, with both signs: bars to the left and to the right of nothing, and their bands.

import { Figure } from "./Figure";
import { RowChart, type ChartRow } from "./RowChart";
import { extent, type Scale } from "./scale";

export interface Part {
  label: string;
  /** Anything more to be said in the table, as when it is paid. */
  note: string;
  mean: number;
  low: number | null;
  high: number | null;
  /** The sum of the others. */
  whole?: boolean;
}

interface PartsProps {
  name: string;
  heading: string;
  says: string;
  parts: Part[];
  write: (value: number | null) => string;
  /** What the scale measures, with its unit; and what stands on the left and on the right of nothing. */
  axis: string;
  left: string;
  right: string;
  noteName: string;
}

const drawn = (part: Part) => (x: Scale, y: number) => {
  const [from, to] = part.mean < 0 ? [x(part.mean), x(0)] : [x(0), x(part.mean)];
  const sign = part.whole ? "whole" : part.mean < 0 ? "below" : "above";
  return (
    <g>
      <rect class={`part ${sign}`} x={from} y={y - 8} width={Math.max(1, to - from)} height={16} />
      {part.low !== null && part.high !== null && (
        <path class="whisker" d={`M${x(part.low)},${y} H${x(part.high)} M${x(part.low)},${y - 4} v8 M${x(part.high)},${y - 4} v8`} />
      )}
    </g>
  );
};

export function Parts(props: PartsProps) {
  const { parts, write } = props;
  const domain = extent([0, ...parts.flatMap((part) => [part.mean, part.low, part.high])]);
  const rows: ChartRow[] = parts.map((part) => ({
    label: part.label,
    value: write(part.mean),
    title: `${part.label}: ${write(part.mean)} (${write(part.low)} to ${write(part.high)}) ${part.note}`,
    draw: drawn(part),
  }));
  const table = {
    head: ["", props.noteName, "mean", "5 % of worlds below", "95 % of worlds below"],
    rows: parts.map((part) => [part.label, part.note, part.mean, part.low, part.high]),
    shown: parts.map((part) => [part.label, part.note, write(part.mean), write(part.low), write(part.high)]),
  };
  const legend = (
    <p class="chart-legend">
      <span><i class="chart-swatch below" /> {props.left}</span> <span><i class="chart-swatch above" /> {props.right}</span>
    </p>
  );
  return (
    <Figure name={props.name} heading={props.heading} says={props.says} table={table} legend={legend}>
      {(width) => <RowChart width={width} rows={rows} domain={domain} tick={(value) => write(value)} axis={props.axis} />}
    </Figure>
  );
}
