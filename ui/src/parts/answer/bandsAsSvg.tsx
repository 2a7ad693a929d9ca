// The rows of a band table as one picture of its own, for export: on white, with every word in it.

import { render } from "preact";
import { say } from "../common";
import { bandText } from "../words";
import type { BandTableProps } from "./BandTable";

const NAMES = 320;
const PLOT = 380;
const ROW = 30;
const TOP = 62;

export function bandsAsSvg(props: BandTableProps): SVGElement {
  const { axis, rows, compared } = props;
  const x = (value: number | null | undefined) => NAMES + PLOT * axis.to(value ?? 0);
  const height = TOP + rows.length * ROW + 12;
  const width = NAMES + PLOT + 260;
  const holder = document.createElement("div");
  render(
    <svg xmlns="http://www.w3.org/2000/svg" width={width} height={height} viewBox={`0 0 ${width} ${height}`} font-family="sans-serif" font-size="13" fill="#1c1e21">
      <rect width={width} height={height} fill="#ffffff" />
      <text x="12" y="24" font-size="16" font-weight="600">{props.title}</text>
      {axis.ticks.map((tick) => (
        <g key={tick.at}>
          <line x1={NAMES + PLOT * tick.at} x2={NAMES + PLOT * tick.at} y1={TOP - 8} y2={height - 10} stroke="#d9d6ce" />
          <text x={NAMES + PLOT * tick.at} y={TOP - 14} text-anchor="middle" fill="#5b5f66" font-size="11">{tick.text}</text>
        </g>
      ))}
      {rows.map(({ key, name, now, before }, place) => (
        <g key={key} transform={`translate(0 ${TOP + place * ROW})`}>
          <text x="12" y="19">{name.length > 48 ? `${name.slice(0, 47)}…` : name}</text>
          {compared && before && before.mean !== null && (
            <rect x={x(before.p05)} width={Math.max(1, x(before.p95) - x(before.p05))} y="4" height="20" fill="none" stroke="#5b5f66" stroke-dasharray="3 2" />
          )}
          {now && now.mean !== null && (
            <>
              <rect x={x(now.p05)} width={Math.max(1, x(now.p95) - x(now.p05))} y="9" height="10" fill="#9dc3ea" />
              <line x1={x(now.mean)} x2={x(now.mean)} y1="5" y2="23" stroke="#0b5cad" stroke-width="3" />
            </>
          )}
          <text x={NAMES + PLOT + 16} y="19">{say(now?.mean, axis.unit)} ({bandText(now, axis.unit)})</text>
        </g>
      ))}
    </svg>,
    holder,
  );
  return holder.firstElementChild as SVGElement;
}
