// The rows of a band table as one picture of its own, for export, with every word in it.

import { withUnit } from "../numbers";
import { bandText } from "../words";
import type { BandRow, BandTableProps } from "./BandTable";
import { forExport } from "./forExport";

const NAMES = 330;
const PLOT = 380;
const WORDS = 250;
const ROW = 30;
const TOP = 62;

const short = (name: string) => (name.length > 50 ? `${name.slice(0, 49)}…` : name);

function Row({ row, props, y }: { row: BandRow; props: BandTableProps; y: number }) {
  const { axis, compared } = props;
  const { now, before } = row;
  const x = (value: number | null | undefined) => NAMES + PLOT * axis.to(value ?? 0);
  const width = (one: { p05: number | null; p95: number | null }) => Math.max(1, x(one.p95) - x(one.p05));
  const said = withUnit(axis.writing.value(now?.mean), axis.writing.unit);
  return (
    <g transform={`translate(0 ${y})`}>
      <text class="ink" x="12" y="19">{short(row.name)}</text>
      {compared && before && before.mean !== null && <rect class="ghost" x={x(before.p05)} width={width(before)} y="4" height="20" />}
      {now && now.mean !== null && (
        <>
          <rect class="now" x={x(now.p05)} width={width(now)} y="9" height="10" />
          <line class="now" x1={x(now.mean)} x2={x(now.mean)} y1="5" y2="23" />
        </>
      )}
      <text class="ink" x={NAMES + PLOT + 16} y="19">{said} ({bandText(now, axis.writing)})</text>
    </g>
  );
}

export function bandsAsSvg(props: BandTableProps): SVGElement {
  const { axis, rows } = props;
  const height = TOP + rows.length * ROW + 12;
  const width = NAMES + PLOT + WORDS;
  return forExport(
    <svg class="band-picture" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <text class="ink title" x="12" y="24">{props.title}</text>
      {axis.ticks.map((tick) => (
        <g key={tick.at}>
          <line class="tick" x1={NAMES + PLOT * tick.at} x2={NAMES + PLOT * tick.at} y1={TOP - 8} y2={height - 10} />
          <text class="axis-text" x={NAMES + PLOT * tick.at} y={TOP - 14} text-anchor="middle">{tick.text}</text>
        </g>
      ))}
      {rows.map((row, place) => <Row key={row.key} row={row} props={props} y={TOP + place * ROW} />)}
    </svg>,
  );
}
