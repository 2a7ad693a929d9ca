// Rows of estimates on one axis: a mark at the mean, a bar over 90 % of the worlds, the saved answer behind it.

import type { ComponentChildren } from "preact";
import type { Estimate } from "../../types";
import { Loaded } from "../loaded";
import { type Writing, withUnit } from "../numbers";
import { bandText, differs } from "../words";
import type { Axis } from "./axis";
import { bandsAsSvg } from "./bandsAsSvg";

const exportPart = () => import("../Export").then((found) => ({ default: found.Export }));

export interface BandRow {
  key: string;
  /** For exports and readers. */
  name: string;
  label: ComponentChildren;
  now: Estimate | undefined;
  before: Estimate | undefined;
  word?: string;
  chosen?: boolean;
  /** Where the number is explained. */
  why?: string;
}

export interface BandTableProps {
  title: string;
  name: string;
  axis: Axis;
  rows: BandRow[];
  /** Whether the saved answer is drawn behind, with the difference beside. */
  compared: boolean;
  heading: string;
  /** What the first column holds. */
  of: string;
}

function Plot({ row, axis, compared }: { row: BandRow; axis: Axis; compared: boolean }) {
  const x = (value: number | null | undefined) => 1000 * axis.to(value ?? 0);
  const { now, before } = row;
  const zero = axis.to(0);
  return (
    <svg class="band-plot" viewBox="0 0 1000 26" preserveAspectRatio="none" aria-hidden="true">
      {axis.ticks.map((tick) => (
        <line key={tick.at} class="tick" x1={1000 * tick.at} x2={1000 * tick.at} y1={0} y2={26} />
      ))}
      {zero > 0 && <line class="zero" x1={1000 * zero} x2={1000 * zero} y1={0} y2={26} />}
      {compared && before && before.mean !== null && (
        <>
          <rect class="ghost" x={x(before.p05)} width={Math.max(2, x(before.p95) - x(before.p05))} y={3} height={20} />
          <line class="ghost" x1={x(before.mean)} x2={x(before.mean)} y1={1} y2={25} />
        </>
      )}
      {now && now.mean !== null && (
        <>
          <rect class="now" x={x(now.p05)} width={Math.max(2, x(now.p95) - x(now.p05))} y={8} height={10} />
          <line class="now" x1={x(now.mean)} x2={x(now.mean)} y1={4} y2={22} />
        </>
      )}
    </svg>
  );
}

function Change({ row, writing }: { row: BandRow; writing: Writing }) {
  const found = differs(row.now, row.before, writing);
  if (!found) return null;
  return (
    <span class="change" data-sign={found.sign} title={found.words}>
      <span aria-hidden="true">
        {found.sign} {found.size ? `${found.size}${writing.share ? " pp" : ""}` : "no change"}
      </span>
      <span class="unseen">{found.words}</span>
    </span>
  );
}

function Mean({ row, writing }: { row: BandRow; writing: Writing }) {
  const said = <strong>{withUnit(writing.value(row.now?.mean), writing.unit)}</strong>;
  return row.why ? <a href={row.why} title="Why" aria-label={`Why: ${row.name}, ${withUnit(writing.value(row.now?.mean), writing.unit)}`}>{said}</a> : said;
}

function asRows({ rows, of, axis, compared }: BandTableProps): (string | number)[][] {
  const number = (value: number | null | undefined) => value ?? "";
  const head = [of, "unit", "mean", "p05", "p50", "p95", ...(compared ? ["saved mean", "saved p05", "saved p95"] : [])];
  const line = ({ name, now, before }: BandRow) => [
    name, axis.writing.share ? "probability" : axis.writing.unit, number(now?.mean), number(now?.p05), number(now?.p50), number(now?.p95),
    ...(compared ? [number(before?.mean), number(before?.p05), number(before?.p95)] : []),
  ];
  return [head, ...rows.map(line)];
}

export function BandTable(props: BandTableProps) {
  const { axis, rows, compared } = props;
  const { writing } = axis;
  return (
    <div class="bands-block">
      <div class="bands-head">
        {props.heading ? <h3>{props.heading}</h3> : <span />}
        <Loaded load={exportPart} props={{ svg: () => bandsAsSvg(props), rows: () => asRows(props), name: props.name }} />
      </div>
      <table class="band-table" data-compared={compared} aria-label={props.title}>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{props.of}</span>
            </th>
            <th scope="col" class="plot-cell">
              <span class="axis" aria-hidden="true">
                {axis.ticks.map((tick) => (
                  <span key={tick.at} style={{ left: `${100 * tick.at}%` }}>
                    {tick.text}
                  </span>
                ))}
              </span>
              <span class="unseen">mark and band</span>
            </th>
            <th scope="col" class="number-cell">
              mean
            </th>
            <th scope="col" class="band-cell">
              90 % of worlds
            </th>
            <th scope="col" class="change-cell">
              change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-chosen={row.chosen}>
              <th scope="row">{row.label}</th>
              <td class="plot-cell">
                <Plot row={row} axis={axis} compared={compared} />
              </td>
              <td class="number-cell">
                <Mean row={row} writing={writing} />
                {row.word !== undefined && <span class="word">{row.word}</span>}
              </td>
              <td class="band-cell">{bandText(row.now, writing)}</td>
              <td class="change-cell">{compared && <Change row={row} writing={writing} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
