// What a name means, shown where it is pointed at.

import { hoverTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import type { DefinedName } from "../../api";
import { PROSE, type Knowledge } from "./complete";
import { placeAt } from "./place";

function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function described(view: EditorView, one: DefinedName): HTMLElement {
  const made = element("div", "hover-name", "");
  made.append(element("strong", "", `${one.name}, ${one.kind}`));
  if (one.line >= 1 && one.line <= view.state.doc.lines)
    made.append(element("code", "", view.state.doc.line(one.line).text.trim()));
  if (one.says) made.append(element("p", "", one.says));
  made.append(element("p", "quiet", [`line ${one.line}`, one.source && `source: ${one.source}`].filter(Boolean).join("; ")));
  return made;
}

/** Names of this word, those that stand here first. */
function meanings(view: EditorView, position: number, word: string, knows: Knowledge): DefinedName[] {
  const here = view.state.doc.lineAt(position).number;
  const place = placeAt(view.state.doc, view.state.wordAt(position)?.to ?? position);
  if (place?.at === "value" && place.path.some((key) => PROSE.has(key))) return [];
  const found = knows.names.filter((one) => one.name === word);
  return found.sort((a, b) => Number(b.line === here) - Number(a.line === here)).slice(0, 3);
}

export const hovering = (knows: Knowledge) =>
  hoverTooltip((view, position): Tooltip | null => {
    const range = view.state.wordAt(position);
    if (!range) return null;
    const found = meanings(view, position, view.state.sliceDoc(range.from, range.to), knows);
    if (!found.length) return null;
    return {
      pos: range.from,
      end: range.to,
      above: true,
      create: () => {
        const dom = element("div", "hover-names", "");
        dom.append(...found.map((one) => described(view, one)));
        return { dom };
      },
    };
  });
