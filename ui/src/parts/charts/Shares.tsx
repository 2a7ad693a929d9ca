// Driver bars: what hangs on each quantity in all, what it does by itself, and how sure that is.

import { percent } from "../numbers";
import { Figure } from "./Figure";
import { RowChart, type ChartRow } from "./RowChart";
import type { Scale } from "./scale";

export interface ShareRow {
  label: string;
  total: [number, number, number];
  first: [number, number, number];
  /** How it acts, in words. */
  manner: string;
  rest?: boolean;
}

const within = (share: number) => Math.max(0, share);
const part = (share: number) => (share <= 0 ? "0 %" : percent(share >= 1 ? 1 : share));
/** An interval of shares as it is drawn and told: what lies below nothing cannot be told from it. */
const span = ([, low, high]: [number, number, number]) => `${(100 * within(low)).toFixed(0)} to ${(100 * within(high)).toFixed(0)} %`;

const drawn = (row: ShareRow) => (x: Scale, y: number) => {
  const [total, low, high] = row.total.map(within) as [number, number, number];
  return (
    <g>
      <rect class={`share ${row.rest ? "rest" : ""}`} x={x(0)} y={y - 9} width={Math.max(1, x(total) - x(0))} height={18} />
      {!row.rest && <rect class="share first" x={x(0)} y={y - 4} width={Math.max(0, x(Math.min(within(row.first[0]), total)) - x(0))} height={8} />}
      <path class="whisker" d={`M${x(low)},${y} H${x(high)} M${x(low)},${y - 5} v10 M${x(high)},${y - 5} v10`} />
    </g>
  );
};

export function Shares(props: { name: string; heading: string; says: string; rows: ShareRow[]; of: string }) {
  const most = Math.max(0.1, ...props.rows.map((row) => row.total[2]));
  const rows: ChartRow[] = props.rows.map((row) => ({
    label: row.label,
    value: part(row.total[0]),
    title: `${row.label}: ${part(row.total[0])} in all (${span(row.total)}), ${part(row.first[0])} by itself (${span(row.first)}); ${row.manner}`,
    draw: drawn(row),
  }));
  const table = {
    head: ["quantity", "in all", "in all, 90 % interval", "by itself", "by itself, 90 % interval", "how it acts"],
    rows: props.rows.map((row) => [row.label, row.total[0], `${row.total[1]} to ${row.total[2]}`, row.first[0], `${row.first[1]} to ${row.first[2]}`, row.manner]),
    shown: props.rows.map((row) => [row.label, part(row.total[0]), span(row.total), part(row.first[0]), span(row.first), row.manner]),
  };
  const legend = (
    <p class="chart-legend">
      <span><i class="chart-swatch share" /> in all, alone or with others</span> <span><i class="chart-swatch first" /> by itself</span>{" "}
      <span><i class="chart-swatch whisker" /> 90 % interval of the whole</span>
    </p>
  );
  return (
    <Figure name={props.name} heading={props.heading} says={props.says} table={table} legend={legend}>
      {(width) => <RowChart width={width} rows={rows} domain={[0, Math.min(most, 1.6) * 1.03]} tick={(value) => `${Math.round(value * 100)} %`} axis={props.of} />}
    </Figure>
  );
}
