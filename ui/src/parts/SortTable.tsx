// A table that is sorted by the column that one chooses; on a narrow screen its rows become cards.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import "./SortTable.css";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** What the column is sorted by; none where sorting makes no sense. */
  by?: (row: Row) => number | string;
  /** Whether the largest comes first when the column is chosen. */
  largestFirst?: boolean;
  end?: boolean;
}

interface SortTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  id: (row: Row) => string;
  /** The column that sorts at first, by its place; -1 for the order of the rows as they are, that of the file. */
  first: number;
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
}

export function SortTable<Row>(props: SortTableProps<Row>) {
  const { columns } = props;
  const [sort, setSort] = useState({ column: props.first, down: columns[props.first]?.largestFirst ?? false });
  const by = columns[sort.column]?.by;
  const rows = by ? [...props.rows].sort((a, b) => compare(by(a), by(b)) * (sort.down ? -1 : 1)) : props.rows;
  const choose = (column: number) =>
    setSort({ column, down: column === sort.column ? !sort.down : (columns[column]?.largestFirst ?? false) });
  return (
    <>
      <p class="sort-by">
        <label>
          Sorted by{" "}
          <select value={sort.column} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {props.first < 0 && <option value={-1}>order of the file</option>}
            {columns.map((column, at) => column.by && <option value={at}>{column.title}</option>)}
          </select>
        </label>
      </p>
      <table class="sort-table">
        <caption class="unseen">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th scope="col" class={column.end ? "end" : undefined} aria-sort={at === sort.column ? (sort.down ? "descending" : "ascending") : undefined}>
                {column.by ? <button type="button" onClick={() => choose(at)}>{column.title}</button> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.id(row)}>
              {columns.map((column) => <td class={column.end ? "end" : undefined} data-label={column.title}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
