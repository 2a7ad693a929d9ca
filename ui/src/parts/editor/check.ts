// Checks the text while one types: the newest text wins, an older ask is dropped.

import { setDiagnostics, type Diagnostic as Mark } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import * as api from "../../api";
import type { DefinedName } from "../../api";
import type { Diagnostic } from "../../types";

const PAUSE = 250;

/** The place of a line and a column that counts characters, not UTF-16 units, from 1. */
export function offset(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length;
  const at = doc.line(Math.max(1, line));
  const before = [...at.text.slice(0, 2 * column)].slice(0, Math.max(0, column - 1)).join("");
  return Math.min(at.from + before.length, at.to);
}

function mark(doc: Text, item: Diagnostic): Mark {
  const from = offset(doc, item.line, item.column);
  const to = Math.max(offset(doc, item.end_line, item.end_column), from);
  const wide = to > from ? { from, to } : from < doc.length && doc.sliceString(from, from + 1) !== "\n" ? { from, to: from + 1 } : { from: Math.max(doc.lineAt(from).from, from - 1), to: from };
  return {
    ...wide,
    severity: item.severity,
    source: item.code,
    message: item.help ? `${item.message}; ${item.help}` : item.message,
  };
}

interface Hears {
  found: (diagnostics: Diagnostic[], names: DefinedName[]) => void;
  failed: (error: api.Refused) => void;
}

export function checking(id: string, hears: Hears) {
  return ViewPlugin.fromClass(
    class {
      timer = 0;
      asked: AbortController | null = null;
      constructor(readonly view: EditorView) {
        this.later(0);
      }
      update(update: ViewUpdate) {
        if (update.docChanged) this.later(PAUSE);
      }
      later(pause: number) {
        clearTimeout(this.timer);
        this.asked?.abort();
        this.timer = window.setTimeout(() => void this.ask(), pause);
      }
      async ask() {
        const asked = (this.asked = new AbortController());
        const { state } = this.view;
        try {
          const { diagnostics, names } = await api.check(id, state.sliceDoc(), asked.signal);
          if (asked.signal.aborted) return;
          const placed = diagnostics.filter((item) => item.line > 0);
          this.view.dispatch(setDiagnostics(this.view.state, placed.map((item) => mark(state.doc, item))));
          hears.found(diagnostics, names);
        } catch (error) {
          if (!asked.signal.aborted) hears.failed(error as api.Refused);
        }
      }
      destroy() {
        clearTimeout(this.timer);
        this.asked?.abort();
      }
    },
  );
}
