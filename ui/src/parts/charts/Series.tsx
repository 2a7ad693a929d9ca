// Numbers along an axis as lines, with bands; drawn by Observable Plot, which is loaded when the first of them is shown.

import type { PlotOptions } from "@observablehq/plot";
import { useEffect, useRef, useState } from "preact/hooks";

type Plot = typeof import("@observablehq/plot");

/** Room for a drawing of Plot's, made anew for another width. */
export function Plotted({ width, height, options, redraw }: { width: number; height: number; options: (plot: Plot) => PlotOptions; redraw: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let left = false;
    import("@observablehq/plot").then(
      (plot) => {
        if (left) return;
        const style = { background: "none", fontSize: "12px", overflow: "visible" };
        place.current!.replaceChildren(plot.plot({ width, height, style, ...options(plot) }));
      },
      () => setProblem("The chart could not be loaded; its numbers stand in the table."),
    );
    return () => {
      left = true;
    };
  }, [width, height, redraw]);
  return <div ref={place} style={{ minHeight: `${height}px` }} aria-hidden="true">{problem}</div>;
}
