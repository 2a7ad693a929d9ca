// The editor of a file: CodeMirror with what it knows of the language.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import { lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorSelection, EditorState, type Extension } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips,
} from "@codemirror/view";
import { completions, type Knowledge } from "./complete";
import { hovering } from "./hover";
import { look } from "./look";

export function newState(text: string, label: string, writable: boolean, knows: Knowledge, more: Extension): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), bracketMatching(), highlightActiveLine(),
      highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }), indentUnit.of("  "), yaml(), look,
      writable ? autocompletion({ override: [completions(knows)] }) : [EditorState.readOnly.of(true)],
      hovering(knows), tooltips({ position: "fixed" }),
      keymap.of([
        { key: "F8", run: nextDiagnostic }, { key: "Shift-F8", run: previousDiagnostic },
        ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab,
      ]),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, "aria-describedby": "edit-hint", spellcheck: "false", autocapitalize: "off" }),
      more,
    ],
  });
}

/** Puts the cursor at the beginning of a line and the line in the middle. */
export function goToLine(view: EditorView, number: number): void {
  const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
  const at = line.from + (line.text.length - line.text.trimStart().length);
  view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}
