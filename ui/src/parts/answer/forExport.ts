// Drawings that exist for an export only.

import { type ComponentChild, render } from "preact";

/** Draws beside the page, where the same rules of style hold, for as long as the export takes to read it. */
export function forExport(drawing: ComponentChild): SVGElement {
  const holder = document.createElement("div");
  holder.className = "for-export";
  document.body.append(holder);
  render(drawing, holder);
  setTimeout(() => holder.remove(), 0);
  return holder.firstElementChild as SVGElement;
}
