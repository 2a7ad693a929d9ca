// What the numbers of a case rest on, which of them matter, and what rests on which source.

import { useState } from "preact/hooks";
import { RELIABILITY, best, rank, sourced } from "../parts/admiralty";
import { Panel } from "../parts/common";
import { Assumptions, restsOn } from "../parts/evidence/Assumptions";
import { NumberCell, ValueCell } from "../parts/evidence/cells";
import { listed } from "../parts/numbers";
import { SortTable, type Column } from "../parts/SortTable";
import { Source } from "../parts/Source";
import type { Because, Model, Numbered } from "../types";
import { link } from "../url";
import type { PageProps } from ".";
import "./Evidence.css";

function words(number: Numbered): string {
  const reasons = number.because.flatMap((one) => [one.title, one.source, one.where, one.says, one.quote, one.reason]);
  return [number.path, number.text, number.unit, number.says, ...reasons].join(" ").toLowerCase();
}

function columns(model: Model): Column<Numbered>[] {
  const first = (number: Numbered) => sourced(number.because)[0] ?? number.because[0];
  return [
    { title: "Number", cell: (number) => <NumberCell number={number} model={model} />, by: (number) => number.path },
    { title: "Value", cell: (number) => <ValueCell number={number} /> },
    { title: "Source and place", cell: (number) => {
      const reason = first(number);
      return reason?.source ? <><span title={reason.title ?? undefined}>{reason.source}</span>{reason.where && <div class="quiet">{reason.where}</div>}</> : <span class="quiet">none</span>;
    }, by: (number) => { const reason = first(number); return reason?.source ? `${reason.source} ${reason.where}` : "\uffff"; } },
    { title: "Reliability", cell: (number) => restsOn(best(number.because)), by: (number) => rank(best(number.because)) },
    { title: "Reason", cell: (number) => <>{first(number)?.says || first(number)?.reason || <span class="quiet">no reason is given</span>}</> },
    { title: "In full", cell: (number) => <Source because={number.because} line={number.line} model={model} what={number.path} /> },
  ];
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? `number ${one}` : `numbers ${more}`}`;
}

function Numbers({ model }: { model: Model }) {
  const [text, setText] = useState("");
  const [bare, setBare] = useState(false);
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = model.numbers.filter((number) =>
    (!bare || number.rests_on_author) && wanted.every((word) => words(number).includes(word)));
  const authors = model.numbers.filter((number) => number.rests_on_author).length;
  const all = model.numbers.length;
  return (
    <Panel title="Numbers">
      <p>
        {counted(all, "is", "are")} written in this file. {counted(all - authors, "rests", "rest")} on a source, {counted(authors, "rests", "rest")} on nothing but the author.
      </p>
      <div class="find">
        <label>Search <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
        <label><input type="checkbox" checked={bare} onChange={(event) => setBare(event.currentTarget.checked)} /> only those that rest on the author</label>
        <span role="status" class="quiet">{found.length === all ? "all shown" : `${found.length} of ${all} shown`}</span>
      </div>
      <SortTable caption="Numbers with what they rest on" columns={columns(model)} rows={found} id={(number) => `${number.path} ${number.line}`} first={-1} />
    </Panel>
  );
}

function sumOf([numbers, treaties, exposures]: readonly [unknown[], unknown[], unknown[]]): string {
  const kinds: [unknown[], string][] = [[numbers, "number"], [treaties, "treaty"], [exposures, "exposure"]];
  const parts = kinds.filter(([items]) => items.length).map(([items, noun]) => `${items.length} ${items.length === 1 ? noun : noun.replace(/y$/, "ie") + "s"}`);
  const one = numbers.length + treaties.length + exposures.length === 1;
  return `${listed(parts)} ${one ? "rests" : "rest"}`;
}

function Sources({ model }: { model: Model }) {
  if (!model.sources.length) return <p>The file names no source.</p>;
  return (
    <ul class="sources">
      {model.sources.map((source) => {
        const on = <T extends { because: Because[] }>(items: T[]) => items.filter((item) => item.because.some((one) => one.source === source.name));
        const resting = [on(model.numbers), on(model.treaties), on(model.exposures)] as const;
        const all = resting.flatMap((items) => items.map((item) => ({ path: item.path ?? `exposures.${(item as { name: string }).name}`, line: item.line })));
        const letter = source.reliability;
        return (
          <li>
            <h3>{source.name}: {source.title}</h3>
            <p class="quiet">
              {[source.date, letter ? `reliability ${letter}, ${RELIABILITY[letter]}` : "its reliability is not said"].filter(Boolean).join("; ")};{" "}
              <a href={link({ page: "edit", more: { line: String(source.line) } })}>line {source.line} of the file</a>
            </p>
            {source.url && /^https?:/.test(source.url) && <p><a href={source.url} target="_blank" rel="noreferrer noopener">{source.url}</a></p>}
            {all.length ? (
              <details>
                <summary>{sumOf(resting)} on it</summary>
                <ul>{all.map((item) => <li><NumberCell number={{ ...item, says: "" }} model={model} /></li>)}</ul>
              </details>
            ) : <p class="quiet">No number, treaty or exposure rests on it.</p>}
          </li>
        );
      })}
    </ul>
  );
}

export default function Evidence({ model, changes, question }: PageProps) {
  return (
    <div class="evidence">
      <Panel title="Assumptions that matter">
        <Assumptions model={model} changes={changes} question={question} />
      </Panel>
      <Panel title="Sources"><Sources model={model} /></Panel>
      <Numbers model={model} />
    </div>
  );
}
