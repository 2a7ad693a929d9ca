// A file that is being edited: its text, what is wrong with it, and how it is saved. It outlives the page that shows it, so
// that going to another page and back keeps the cursor and what can be undone.

import { signal } from "@preact/signals";
import { EditorState, type StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import * as api from "../../api";
import type { Diagnostic } from "../../types";
import { checking } from "./check";
import type { Knowledge } from "./complete";
import { keepDraft, readDraft, type Draft } from "./drafts";
import { middle } from "./lines";
import { schemaOfLanguage } from "./schema";
import { newState } from "./setup";

export class Sheet {
  readonly ready = signal(false);
  readonly writable = signal(false);
  readonly dirty = signal(false);
  readonly saving = signal<"no" | "saving" | "saved">("no");
  /** What stands on disk, where that is not what the text was made from. */
  readonly disk = signal<Draft | null>(null);
  readonly diagnostics = signal<Diagnostic[] | null>(null);
  readonly error = signal<string | null>(null);
  readonly note = signal<string | null>(null);
  readonly away = signal(false);
  readonly #knowledge: Knowledge = { schema: null, names: [] };
  #base: Draft = { text: "", sha256: "" };
  #view: EditorView | null = null;
  #state: EditorState | null = null;
  #left: { at: number; scrollTo?: StateEffect<unknown>; focused: boolean } = { at: 0, focused: false };
  #timer = 0;
  /** Called after the file on disk has become another. */
  changed: () => void = () => {};
  #line = "";

  constructor(readonly id: string) {}

  get text(): string {
    return (this.#view?.state ?? this.#state)?.sliceDoc() ?? "";
  }

  #loading: Promise<void> | null = null;

  /** Reads the file once, however often it is shown; a reading that failed is tried again. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load().finally(() => {
      if (!this.#state) this.#loading = null;
    }));
  }

  async #load(): Promise<void> {
    void schemaOfLanguage().then((found) => (this.#knowledge.schema = found));
    const draft = readDraft(this.id);
    try {
      const found = await api.text(this.id);
      this.writable.value = found.writable;
      this.#base = { text: found.text, sha256: found.sha256 };
    } catch (error) {
      this.#refused(error);
      if (!draft) return;
      // The server is gone, but the tab remembers what was written.
      this.writable.value = true;
      this.#base = { text: "", sha256: draft.sha256 };
    }
    this.#begin(this.writable.value ? draft : null);
  }

  #begin(draft: Draft | null): void {
    const { text, sha256 } = this.#base;
    this.#state = this.#fresh(text);
    if (draft && draft.text !== text) {
      this.#state = this.#state.update({ changes: { from: 0, to: this.#state.doc.length, insert: draft.text } }).state;
      this.dirty.value = true;
      this.note.value = "What you had written before and not saved is here again.";
      if (draft.sha256 !== sha256) {
        this.disk.value = { text, sha256 };
        this.#base = { text, sha256: draft.sha256 };
      }
    }
    this.ready.value = true;
  }

  #fresh(text: string): EditorState {
    return newState(text, `Text of ${this.id.replace(/^\w+:/, "")}`, this.writable.value, this.#knowledge, [
      checking(this.id, {
        found: (diagnostics, names) => {
          this.away.value = false;
          this.diagnostics.value = diagnostics;
          // While a line is half written the file may be no YAML and name nothing; the names from before still hold.
          if (names.length) this.#knowledge.names = names;
        },
        failed: (error) => this.#refused(error),
      }),
      EditorView.updateListener.of((update) => update.docChanged && this.#typed()),
    ]);
  }

  #typed(): void {
    const state = this.#view!.state;
    this.dirty.value = !state.doc.eq(state.toText(this.#base.text));
    if (this.dirty.value && this.saving.value === "saved") this.saving.value = "no";
    this.note.value = null;
    this.error.value = null;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.keep(), 300);
  }

  #refused(error: unknown): void {
    const refused = error as api.Refused;
    this.away.value = refused.status === 0;
    if (refused.status !== 0) this.error.value = refused.message;
  }

  /** Keeps what is not saved in this tab. */
  keep(): void {
    clearTimeout(this.#timer);
    const draft = this.dirty.value ? { text: this.text, sha256: this.#base.sha256 } : null;
    if (!keepDraft(this.id, draft)) this.error.value = "This tab has no room to keep what is not saved: save before you leave.";
  }

  show(parent: HTMLElement): void {
    const { scrollTo, focused } = this.#left;
    this.#view = new EditorView({ state: this.#state!, parent, scrollTo });
    if (focused && this.#justMoved()) this.#view.focus();
  }

  hide(): void {
    if (!this.#view) return;
    this.keep();
    this.#state = this.#view.state;
    this.#left = { at: Date.now(), scrollTo: this.#view.scrollSnapshot(), focused: this.#view.hasFocus };
    this.#view.destroy();
    this.#view = null;
  }

  /** Saving may make the file fit for another frame of the page, as one with errors: then it is hidden and shown at once. */
  #justMoved(): boolean {
    return Date.now() - this.#left.at < 3000;
  }

  /** Whether the cursor is to go to the line of the address: not when it was there before the sheet moved. */
  wantsLine(line: string): boolean {
    const wants = line !== this.#line || !this.#justMoved();
    this.#line = line;
    return wants;
  }

  get view(): EditorView | null {
    return this.#view;
  }

  /** Saves what stands in the editor over the file that it was made from, or over one that the reader has seen (`over`). */
  async save(over: Draft | null = null): Promise<void> {
    if (!this.writable.value || this.saving.value === "saving" || (!this.dirty.value && !over)) return;
    const text = this.text;
    this.saving.value = "saving";
    this.error.value = null;
    try {
      const { sha256 } = await api.save(this.id, text, (over ?? this.#base).sha256);
      this.#saved({ text, sha256 });
      this.saving.value = "saved";
      this.changed();
    } catch (error) {
      this.saving.value = "no";
      const refused = error as api.Refused;
      const found = refused.body as Partial<Draft> | null;
      if (refused.status === 409 && typeof found?.text === "string") this.disk.value = { text: found.text, sha256: found.sha256 ?? "" };
      else this.#refused(error);
    }
  }

  #saved(base: Draft): void {
    this.#base = base;
    this.disk.value = null;
    this.away.value = false;
    const state = this.#view?.state ?? this.#state!;
    this.dirty.value = !state.doc.eq(state.toText(base.text));
    this.keep();
  }

  /** Puts what stands on disk in the place of what was written; undo brings that back. */
  take(disk: Draft): void {
    const { state } = this.#view!;
    this.#view!.dispatch({ changes: middle(state.sliceDoc(), state.toText(disk.text).toString()), userEvent: "input.replace" });
    this.#saved(disk);
    this.changed();
  }

  /** Goes back to the text that was read last; undo brings back what was written. */
  revert(): void {
    this.take(this.#base);
  }

  /** Looks whether the file has become another meanwhile. */
  async look(): Promise<void> {
    if (!this.#view || this.saving.value === "saving") return;
    try {
      const before = this.#base.sha256;
      const found = await api.text(this.id);
      this.away.value = false;
      if (before !== this.#base.sha256 || !this.#view) return;
      if (found.sha256 === before) this.#saved({ text: found.text, sha256: before });
      else if (this.dirty.value) this.disk.value = { text: found.text, sha256: found.sha256 };
      else {
        this.take({ text: found.text, sha256: found.sha256 });
        this.note.value = "The file had changed on disk and was read anew.";
      }
    } catch (error) {
      this.#refused(error);
    }
  }
}
