// The frame of every chart: the finding in words, the drawing as wide as there is room, the numbers as a table, the export.

import type { ComponentChildren, RefObject, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Export } from "../Export";
import type { Cell } from "../export/csv";
import { unbroken } from "../numbers";
import "./charts.css";

/** Numbers behind a chart: plain ones for the file, and as people read them. */
export interface Table {
  head: string[];
  rows: Cell[][];
  /** As shown on the page; the same rows and columns. */
  shown: string[][];
}

/** How wide an element is, followed while it changes. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

const csvOf = (table: Table) => [table.head, ...table.rows];

/** A table as people read it; with a name, it can be taken along. */
export function Numbers({ table, caption, name }: { table: Table; caption: string; name?: string }) {
  return (
    <>
      <div class="chart-head">
        <p class="chart-caption">{caption}</p>
        {name && <Export name={name} rows={() => csvOf(table)} />}
      </div>
      <div class="chart-scrolls" tabIndex={0} role="region" aria-label={caption}>
        <table class="chart-numbers">
          <thead>
            <tr>{table.head.map((name, place) => <th scope="col" class={styleOf(name, ofNumbers(table, place))}>{name}</th>)}</tr>
          </thead>
          <tbody>
            {table.shown.map((row) => (
              <tr>
                {row.map((text, place) => (place === 0 ? <th scope="row">{text}</th> : <td class={styleOf(text, isNumber(text))}>{text}</td>))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const isNumber = (text: string) => /^[<>+−≈\d(–]/.test(text);
const ofNumbers = ({ shown }: Table, place: number) => place > 0 && shown.length > 0 && shown.every((row) => !row[place] || isNumber(row[place]));
/** Numbers stand at the right; what is short, as a unit, is kept on one line. */
const styleOf = (text: string, number: boolean) => [number && "number", text.length < 15 && "short"].filter(Boolean).join(" ") || undefined;

interface FigureProps {
  /** Of the files that are exported, and of the table. */
  name: string;
  title?: string;
  /** What it is called where it stands alone, if the page has no title for it. */
  heading?: string;
  /** What the chart shows, in a sentence: read out in place of the drawing, and printed below it. */
  says: string;
  table: Table;
  /** The drawing for a width in pixels. */
  children: (width: number) => VNode | null;
  legend?: ComponentChildren;
}

export function Figure({ name, title, heading, says, table, children, legend }: FigureProps) {
  const [box, width] = useWidth();
  return (
    <figure class="chart">
      <div class="chart-head">
        {title && <h3>{title}</h3>}
        <Export name={name} svg={() => box.current?.querySelector("svg") ?? null} rows={() => csvOf(table)} words={{ title: title ?? heading ?? name, says }} />
      </div>
      {legend}
      <div ref={box} class="drawing" role="img" aria-label={says}>{width > 0 && children(width)}</div>
      <figcaption>{unbroken(says)}</figcaption>
      <details>
        <summary>The numbers as a table</summary>
        <Numbers table={table} caption={title ?? heading ?? name} />
      </details>
    </figure>
  );
}
