// What a chart or a table shows, as a file: drawing, picture or numbers.

import { useId, useRef, useState } from "preact/hooks";
import { download } from "./download";
import { toCsv, type Cell } from "./export/csv";
import { png, standalone, type Ground, type Words } from "./export/picture";
import "./Export.css";

interface ExportProps {
  /** The drawing as it is shown; left out where there is only a table. */
  svg?: () => SVGElement | null;
  /** The numbers behind it, the names of the columns first. */
  rows: () => Cell[][];
  /** Of the file, without an ending. */
  name: string;
  /** What a drawing needs beside it to be understood alone. */
  words?: Words;
}

/** A name that every system takes for a file. */
const fileName = (name: string) => name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "foederis";

function place(button: HTMLElement, menu: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`;
  menu.style.top = `${at.bottom + 4 + size.height > innerHeight ? Math.max(8, at.top - size.height - 4) : at.bottom + 4}px`;
}

export function Export({ svg, rows, name, words }: ExportProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState("");
  const file = fileName(name);

  const give = async (make: () => Promise<void> | void) => {
    setProblem("");
    try {
      await make();
      menu.current?.hidePopover();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const drawn = () => {
    const found = svg?.();
    if (!found) throw new Error("The chart is not drawn yet.");
    return found;
  };
  const csv = () => download(`${file}.csv`, new Blob(["\ufeff", toCsv(rows())], { type: "text/csv;charset=utf-8" }));
  const drawing = () => download(`${file}.svg`, new Blob([standalone(drawn(), "light", words).text], { type: "image/svg+xml" }));
  const picture = (ground: Ground) => async () => download(`${file}.png`, await png(drawn(), ground, words));
  const toggled = (event: Event) => {
    if ((event as ToggleEvent).newState === "open") place(button.current!, menu.current!);
  };

  return (
    <>
      <button type="button" ref={button} class="export-button" popovertarget={id} aria-label={`Export ${name}`}>Export</button>
      <div ref={menu} id={id} class="export-menu" popover="auto" role="group" aria-label={`Export ${name}`} onToggle={toggled}>
        {svg && (
          <>
            <button type="button" onClick={() => give(drawing)}>Drawing (SVG)</button>
            <button type="button" onClick={() => give(picture("light"))}>Picture, white ground (PNG)</button>
            <button type="button" onClick={() => give(picture("dark"))}>Picture, dark ground (PNG)</button>
          </>
        )}
        <button type="button" onClick={() => give(csv)}>Numbers (CSV)</button>
        <p role="alert" class="export-problem">{problem}</p>
      </div>
    </>
  );
}
