// Numbers with the middle 90 % of worlds: a dot and a band for each.

import type { Scale } from "./scale";
import { Figure } from "./Figure";
import { RowChart, type ChartRow } from "./RowChart";
import { extent } from "./scale";

interface Interval {
  label: string;
  mean: number | null;
  low: number | null;
  high: number | null;
}

interface IntervalsProps {
  name: string;
  heading: string;
  says: string;
  items: Interval[];
  /** How a number is written, and its unit. */
  write: (value: number | null) => string;
  unit: string;
  /** Whether the numbers are differences, to be read against 0. */
  signed?: boolean;
  /** What the band is the middle of; worlds, if left out. */
  of?: string;
  /** Fixed ends of the scale, as 0 and 1 for probabilities. */
  domain?: [number, number];
}

/** Above 0 a triangle up, below it one down; hollow where the band reaches across 0. */
function Mark({ x, y, value, open }: { x: number; y: number; value: number; open: boolean }) {
  const way = value > 0 ? -1 : 1;
  return <path class={`mark ${open ? "open" : ""}`} d={`M${x},${y + 6 * way} l-6,${-11 * way} h12 z`} />;
}

function drawn(item: Interval, signed: boolean) {
  return (x: Scale, y: number) => {
    const { mean, low, high } = item;
    if (mean === null) return <g />;
    const across = low !== null && high !== null && low < 0 && high > 0;
    return (
      <g>
        {low !== null && high !== null && <rect class="span-90" x={x(low)} y={y - 5} width={Math.max(1, x(high) - x(low))} height={10} rx={2} />}
        {signed ? <Mark x={x(mean)} y={y} value={mean} open={across} /> : <circle class="mark" cx={x(mean)} cy={y} r={5} />}
      </g>
    );
  };
}

export function Intervals(props: IntervalsProps) {
  const { items, write, unit, signed = false, of = "worlds" } = props;
  const all = items.flatMap((item) => [item.mean, item.low, item.high]);
  const domain = props.domain ?? extent(signed ? [0, ...all] : all);
  const band = (item: Interval) => (item.low === null || item.high === null ? "" : `${write(item.low)} to ${write(item.high)}`);
  const rows: ChartRow[] = items.map((item) => ({
    label: item.label,
    value: write(item.mean),
    title: `${item.label}: ${write(item.mean)} ${unit === "%" ? "" : unit} (${band(item)})`,
    draw: drawn(item, signed),
  }));
  const table = {
    head: ["", `mean (${unit})`, `5 % of ${of} below`, `95 % of ${of} below`],
    rows: items.map((item) => [item.label, item.mean, item.low, item.high]),
    shown: items.map((item) => [item.label, write(item.mean), write(item.low), write(item.high)]),
  };
  return (
    <Figure name={props.name} heading={props.heading} says={props.says} table={table}>
      {(width) => <RowChart width={width} rows={rows} domain={domain} tick={write} axis={`${unit}; band: the middle 90 % of ${of}`} />}
    </Figure>
  );
}
