// The editor of one file, whether or not the file makes a case.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import type { Diagnostic } from "../types";
import { go } from "../url";
import { ProgressLine } from "./common";
import { Dialog } from "./Dialog";
import { Diff } from "./Diff";
import { Duplicate } from "./Duplicate";
import { Explained } from "./Explained";
import { offset } from "./editor/check";
import { difference } from "./editor/lines";
import { goToLine } from "./editor/setup";
import type { Sheet } from "./editor/sheet";
import { sheetOf } from "./editor/sheets";
import { Ticked } from "./Ticked";
import "./EditFile.css";

/** How often a file that is shown is looked at, for changes that somebody else has made. */
const LOOK_EVERY = 10_000;

function counted(items: Diagnostic[]): string {
  const errors = items.filter((item) => item.severity === "error").length;
  const some = (count: number, one: string) => (count ? [`${count} ${one}${count === 1 ? "" : "s"}`] : []);
  return [...some(errors, "error"), ...some(items.length - errors, "warning")].join(", ") || "Nothing to mend";
}

function Findings({ sheet }: { sheet: Sheet }) {
  const [explained, explain] = useState<string | null>(null);
  const items = sheet.diagnostics.value;
  const jump = (item: Diagnostic) => {
    const view = sheet.view;
    if (!view) return;
    goToLine(view, item.line);
    if (item.line > 0) view.dispatch({ selection: { anchor: offset(view.state.doc, item.line, item.column) } });
  };
  return (
    <section class="findings" aria-label="Findings">
      <h2><span role="status">{items ? counted(items) : "Checking…"}</span></h2>
      {!!items?.length && (
        <ol>
          {items.map((item) => (
            <li class={item.severity}>
              <button type="button" onClick={() => jump(item)}>
                <span class="code">{item.severity} {item.code}{item.line > 0 ? `, line ${item.line}` : ""}</span> <span class="message"><Ticked text={item.message} /></span>
                {item.help && <span class="cure"><Ticked text={item.help} /></span>}
              </button>
              <button type="button" class="plain" aria-label={`Explain ${item.code}`} onClick={() => explain(item.code)}>Explain</button>
            </li>
          ))}
        </ol>
      )}
      {explained && <Explained code={explained} onClose={() => explain(null)} />}
    </section>
  );
}

function Conflict({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const disk = sheet.disk.value;
  if (!disk) return null;
  const gone = disk.sha256 === "";
  return (
    <Dialog title={gone ? "The file is not there any more" : "The file has changed on disk"} onClose={onClose}>
      <p>{gone ? "It was removed or renamed since you opened it." : "Another program or another tab has saved it since you opened it. This is what saving yours would change in it:"}</p>
      {!gone && <Diff label="From the file on disk to your text" lines={difference(disk.text, sheet.text)} />}
      <p class="actions">
        <button type="button" autofocus onClick={onClose}>Cancel</button>
        {!gone && <button type="button" onClick={() => (sheet.take(disk), onClose())}>Take the file on disk</button>}
        <button type="button" class="primary" onClick={() => (void sheet.save(disk), onClose())}>{gone ? "Save mine as this file" : "Keep mine"}</button>
      </p>
      {!gone && <p class="under">If you take the file on disk, undo in the editor brings your text back.</p>}
    </Dialog>
  );
}

function stateOf(sheet: Sheet): string {
  if (!sheet.writable.value) return "This case belongs to the gallery and is read only.";
  if (sheet.saving.value === "saving") return "Saving…";
  if (sheet.dirty.value) return "● Unsaved changes";
  return sheet.saving.value === "saved" ? "Saved" : "No unsaved changes";
}

function Notices({ sheet, onCompare }: { sheet: Sheet; onCompare: () => void }) {
  return (
    <div aria-live="polite">
      {sheet.away.value && <p class="notice"><span>The server does not answer. What you write is kept in this tab; save when it is back.</span></p>}
      {sheet.error.value && <p class="notice" role="alert"><span>{sheet.error.value}</span></p>}
      {sheet.note.value && (
        <p class="notice">
          <span>{sheet.note.value}</span>
          {sheet.dirty.value && !sheet.disk.value && !sheet.away.value && <button type="button" onClick={() => sheet.revert()}>Go back to the saved text</button>}
        </p>
      )}
      {sheet.disk.value && (
        <p class="notice">
          <span>The file has changed on disk since your text was made from it.</span>
          <button type="button" onClick={onCompare}>Compare and choose</button>
        </p>
      )}
    </div>
  );
}

function Bar({ sheet, onSave }: { sheet: Sheet; onSave: () => void }) {
  const [copying, setCopying] = useState(false);
  const writable = sheet.writable.value;
  return (
    <div class="bar">
      <p class={sheet.dirty.value ? "state dirty" : "state"} role="status">{stateOf(sheet)}</p>
      {writable
        ? <button type="button" class="primary" disabled={!sheet.dirty.value || sheet.saving.value === "saving"} onClick={onSave}>Save</button>
        : <button type="button" class="primary" onClick={() => setCopying(true)}>Duplicate to edit</button>}
      {copying && (
        <Dialog title="Duplicate to edit" onClose={() => setCopying(false)}>
          <Duplicate id={sheet.id} onCancel={() => setCopying(false)} onDone={(id) => (setCopying(false), go({ id, page: "edit" }))} />
        </Dialog>
      )}
    </div>
  );
}

/** Keys that work wherever the focus is on the page. */
function pressed(event: KeyboardEvent, sheet: Sheet, save: () => void): void {
  const view = sheet.view;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  } else if (event.key === "F8" && view && !view.hasFocus) {
    event.preventDefault();
    view.focus();
    (event.shiftKey ? previousDiagnostic : nextDiagnostic)(view);
  }
}

/** Shows the text while the page does, and looks now and then whether somebody else has saved the file. */
function useSheet(sheet: Sheet, reload: () => void, save: () => void) {
  const parent = useRef<HTMLDivElement>(null);
  const ready = sheet.ready.value;
  sheet.changed = reload;
  useEffect(() => void sheet.load(), [sheet]);
  useLayoutEffect(() => {
    if (!ready) return;
    sheet.show(parent.current!);
    void sheet.look();
    const look = () => void (document.visibilityState === "visible" && sheet.look());
    const keys = (event: KeyboardEvent) => pressed(event, sheet, save);
    const timer = setInterval(look, LOOK_EVERY);
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    addEventListener("keydown", keys);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      removeEventListener("keydown", keys);
      sheet.hide();
    };
  }, [sheet, ready]);
  return parent;
}

interface EditFileProps {
  id: string;
  /** The line to open at, as it stands in the address. */
  line?: string;
  /** Called after the file on disk has become another. */
  reload: () => void;
}

export function EditFile({ id, line, reload }: EditFileProps) {
  const sheet = sheetOf(id);
  const [comparing, setComparing] = useState(false);
  const save = async () => {
    await sheet.save();
    if (sheet.disk.value) setComparing(true);
  };
  const parent = useSheet(sheet, reload, () => void save());
  const ready = sheet.ready.value;
  const conflict = sheet.disk.value;
  useEffect(() => {
    if (ready && line && sheet.wantsLine(line)) goToLine(sheet.view!, Number(line) || 1);
  }, [sheet, ready, line]);
  const compared = () => {
    setComparing(false);
    setTimeout(() => sheet.view?.focus());
  };
  return (
    <div class="edit-file">
      <Bar sheet={sheet} onSave={() => void save()} />
      <Notices sheet={sheet} onCompare={() => setComparing(true)} />
      {!ready && !sheet.error.value && <ProgressLine progress={null} />}
      <div class="sheet" ref={parent} />
      <p class="hint" id="edit-hint">
        <kbd>Ctrl S</kbd> saves, <kbd>Ctrl F</kbd> searches, <kbd>Ctrl Space</kbd> completes, <kbd>F8</kbd> goes to the next finding. <kbd>Tab</kbd> indents; <kbd>Esc</kbd> and then <kbd>Tab</kbd> leaves the text. On a Mac, <kbd>⌘</kbd> takes the place of <kbd>Ctrl</kbd>.
      </p>
      <Findings sheet={sheet} />
      {comparing && conflict && <Conflict sheet={sheet} onClose={compared} />}
    </div>
  );
}
