// What a change does to a file, line by line.

import type { DiffLine } from "../types";
import { counted } from "./numbers";
import "./Diff.css";

/** Lines that stay the same are shown only next to a change. */
const AROUND = 3;

type Row = DiffLine | { kind: "…"; count: number };

function rows(lines: DiffLine[]): Row[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((line) => line.kind === "+" || line.kind === "-"));
  const shown: Row[] = [];
  for (const [at, line] of lines.entries()) {
    const last = shown[shown.length - 1];
    if (near[at] || line.kind === "@") shown.push(line);
    else if (last?.kind === "…") last.count++;
    else shown.push({ kind: "…", count: 1 });
  }
  return shown;
}

function Line({ row }: { row: Row }) {
  if (row.kind === "…") return <li class="left-out">{counted(row.count, "unchanged line")}</li>;
  if (row.kind === "@") return <li class="left-out">{`from line ${/\+(\d+)/.exec(row.text)?.[1] ?? "?"}`}</li>;
  if (row.kind === "+") return <li class="added"><ins><span class="unseen">added: </span>{row.text || " "}</ins></li>;
  if (row.kind === "-") return <li class="removed"><del><span class="unseen">removed: </span>{row.text || " "}</del></li>;
  return <li><span>{row.text || " "}</span></li>;
}

export function Diff(props: { lines: DiffLine[]; label: string }) {
  const added = props.lines.filter((line) => line.kind === "+").length;
  const removed = props.lines.filter((line) => line.kind === "-").length;
  const sum = [added && `${counted(added, "line")} added`, removed && `${counted(removed, "line")} removed`].filter(Boolean).join(", ");
  return (
    <figure class="diff" aria-label={props.label}>
      <p>{props.label}: {sum || "nothing changes"}</p>
      {sum && <ol tabIndex={0} aria-label={props.label}>{rows(props.lines).map((row) => <Line row={row} />)}</ol>}
    </figure>
  );
}
