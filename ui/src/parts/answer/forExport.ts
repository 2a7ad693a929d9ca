// Drawings that exist for an export only.

import { type ComponentChild, render } from "preact";

let stage: ParentNode | null = null;

/** From now on drawings are made in here: a notebook's page has styles that hold nowhere else. */
export function drawIn(element: ParentNode): void {
  stage = element;
}

/** Draws beside the page, where the same rules of style hold, for as long as the export takes to read it. */
export function forExport(drawing: ComponentChild): SVGElement {
  const holder = document.createElement("div");
  holder.className = "for-export";
  (stage ?? document.body).append(holder);
  render(drawing, holder);
  setTimeout(() => holder.remove(), 0);
  return holder.firstElementChild as SVGElement;
}
