// A row for each item on a common scale; its name beside it, or above it where there is little room.

import type { VNode } from "preact";
import { cut, linear, lines, ticks, widthOf, type Scale } from "./scale";

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

const LINE = 15;
const BAR = 26;
const NAME = 9; // from the top of a row to the middle of a name above its bar
const FOOT = 40;
const MORE = 15; // for each further line of words below

/** Without noughts at the end of its decimals: 0.5, 10 %. */
const short = (text: string) => text.replace(/\.0+(?!\d)/, "").replace(/(\.\d*?)0+(?!\d)/, "$1");

interface AxisProps {
  width: number;
  x: Scale;
  domain: [number, number];
  /** From where to where upright lines go. */
  stretches: [number, number][];
  bottom: number;
  span: [number, number];
  tick: (value: number) => string;
  words: string[];
}

function Axis(props: AxisProps) {
  const { x, domain, stretches, bottom, span } = props;
  const labels = ticks(domain[0], domain[1], Math.max(2, Math.floor((span[1] - span[0]) / 100)));
  return (
    <g>
      {labels.map((value) => (
        <g>
          {stretches.map(([top, end]) => <line class={value === 0 ? "nought" : "grid"} x1={x(value)} x2={x(value)} y1={top} y2={end} />)}
          <text class="at-axis" x={x(value)} y={bottom + 15} text-anchor="middle">{short(props.tick(value))}</text>
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
  const names = rows.map((row) => lines(row.label, beside ? left - 12 : width - 4));
  const highs = names.map((name) => (beside ? BAR + 4 + 6 * (name.length - 1) : BAR + 3 + LINE * name.length));
  const tops = highs.map((_, place) => highs.slice(0, place).reduce((sum, high) => sum + high, 0));
  const bottom = highs.reduce((sum, high) => sum + high, 0) + 4;
  const x = linear(domain, [left, right]);
  const words = widthOf(axis) > width ? axis.split("; ") : [axis];
  const middles = tops.map((top, place) => (beside ? top + highs[place]! / 2 : top + highs[place]! - BAR / 2 - 2));
  // No line of the axis goes through a name.
  const stretches: [number, number][] = beside ? [[0, bottom]] : middles.map((middle) => [middle - BAR / 2 + 2, middle + BAR / 2 - 2]);
  const whole = bottom + FOOT + MORE * (words.length - 1);
  return (
    <svg width={width} height={whole} viewBox={`0 0 ${width} ${whole}`} class="rows" aria-hidden="true">
      <Axis width={width} x={x} domain={domain} stretches={stretches} bottom={bottom} span={[left, right]} tick={tick} words={words} />
      {rows.map((row, place) => {
        const [top, high, name, middle] = [tops[place]!, highs[place]!, names[place]!, middles[place]!];
        const first = beside ? middle - (LINE / 2) * (name.length - 1) : top + NAME;
        return (
          <g>
            <title>{row.title}</title>
            <rect class="under" x={0} y={top} width={width} height={high} />
            {name.map((line, number) => (
              <text class="label" x={beside ? left - 10 : 0} y={first + LINE * number} dy="0.32em" text-anchor={beside ? "end" : "start"}>
                {line}
              </text>
            ))}
            {row.draw(x, middle)}
            <text class="value" x={width} y={middle} dy="0.32em" text-anchor="end">{row.value}</text>
          </g>
        );
      })}
    </svg>
  );
}
