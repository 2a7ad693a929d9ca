// A row for each item on a common scale; its name beside it, or above it where there is little room.

import type { VNode } from "preact";
import { cut, linear, ticks, widthOf, type Scale } from "./scale";

export interface ChartRow {
  label: string;
  /** The number at the right end. */
  value: string;
  /** All of it, shown when one points at the row. */
  title: string;
  /** Its marks, around the middle of the row. */
  draw: (x: Scale, middle: number) => VNode;
}

interface RowChartProps {
  width: number;
  rows: ChartRow[];
  domain: [number, number];
  /** How a number is written at the axis. */
  tick: (value: number) => string;
  axis: string;
}

const LINE = 18;
const BAR = 26;
const FOOT = 40;
const MORE = 15; // for each further line of words below

function Axis(props: { width: number; x: Scale; domain: [number, number]; top: number; bottom: number; span: [number, number]; tick: (value: number) => string; words: string[] }) {
  const { x, domain, top, bottom, span } = props;
  const labels = ticks(domain[0], domain[1], Math.max(2, Math.floor((span[1] - span[0]) / 100)));
  return (
    <g>
      {labels.map((value) => (
        <g>
          <line class={value === 0 ? "nought" : "grid"} x1={x(value)} x2={x(value)} y1={top} y2={bottom} />
          <text class="at-axis" x={x(value)} y={bottom + 15} text-anchor="middle">{props.tick(value)}</text>
        </g>
      ))}
      {props.words.map((line, place) => (
        <text class="at-axis" x={Math.max((span[0] + span[1]) / 2, widthOf(line) / 2)} y={bottom + 32 + MORE * place} text-anchor="middle">{cut(line, props.width)}</text>
      ))}
    </g>
  );
}

export function RowChart({ width, rows, domain, tick, axis }: RowChartProps) {
  const beside = width >= 520;
  const longest = Math.max(...rows.map((row) => widthOf(row.label)));
  const left = beside ? Math.min(longest + 12, width * 0.36) : 24;
  const right = width - Math.max(...rows.map((row) => widthOf(row.value)), 24) - 12;
  const high = beside ? BAR + 4 : BAR + LINE;
  const bottom = rows.length * high + 4;
  const x = linear(domain, [left, right]);
  const words = widthOf(axis) > width ? axis.split("; ") : [axis];
  const whole = bottom + FOOT + MORE * (words.length - 1);
  return (
    <svg width={width} height={whole} viewBox={`0 0 ${width} ${whole}`} class="rows" aria-hidden="true">
      <Axis width={width} x={x} domain={domain} top={0} bottom={bottom} span={[left, right]} tick={tick} words={words} />
      {rows.map((row, place) => {
        const top = place * high;
        const middle = beside ? top + high / 2 : top + LINE + BAR / 2 - 2;
        return (
          <g>
            <title>{row.title}</title>
            <rect class="under" x={0} y={top} width={width} height={high} />
            <text class="label" x={beside ? left - 10 : 0} y={beside ? middle : top + 12} dy="0.32em" text-anchor={beside ? "end" : "start"}>
              {cut(row.label, beside ? left - 12 : width - 4)}
            </text>
            {row.draw(x, middle)}
            <text class="value" x={width} y={middle} dy="0.32em" text-anchor="end">{row.value}</text>
          </g>
        );
      })}
    </svg>
  );
}
