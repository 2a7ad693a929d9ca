// One case of the list: its question, its answer in one line, and whether its file is in order.

import type { CaseEntry } from "../types";
import { write } from "../url";
import type { Wish } from "./CaseDialogs";
import { capital, counted, plainName } from "./numbers";
import { askFor, told, type Told } from "./oneLine";

const addressOf = (id: string) =>
  write({ id, page: "answer", changes: { set: {}, on: [] }, question: null, more: {} });

function when(modified: string | null): string {
  if (!modified) return "";
  const date = new Date(modified);
  const today = new Date().toDateString() === date.toDateString();
  return today
    ? `today, ${date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

function State({ entry }: { entry: CaseEntry }) {
  if (entry.state === "checking") return <span class="state quiet">being checked</span>;
  if (entry.state === "errors") return <span class="state bad">✕ {counted(entry.errors, "error")}</span>;
  if (entry.state === "warnings") return <span class="state warn">△ {counted(entry.warnings, "warning")}</span>;
  return <span class="state good">✓ in order</span>;
}

function AnswerLine({ entry, found, onAsk }: { entry: CaseEntry; found: Told | undefined; onAsk: () => void }) {
  if (entry.state === "errors") return <span class="quiet">no answer until the file is mended</span>;
  if (entry.state === "checking") return null;
  if (!found)
    return (
      <button class="plain" onClick={onAsk}>
        Answer
      </button>
    );
  if (found.state === "waiting") return <span class="quiet">waits for its turn</span>;
  if (found.state === "failed")
    return (
      <span class="error">
        {found.message} <button class="plain" onClick={onAsk}>Ask again</button>
      </span>
    );
  if (found.state === "told") {
    const { number, word, band } = found.line;
    return (
      <span>
        <strong>{number}</strong> {word}
        {band && <span class="quiet"> ({band})</span>}
      </span>
    );
  }
  const { progress } = found;
  return (
    <span class="quiet">
      {progress?.total ? `solving: ${Math.round((100 * progress.done) / progress.total)} %` : "solving…"}
    </span>
  );
}

export function CaseRow(props: { entry: CaseEntry; version: string; onWish: (wish: Wish) => void }) {
  const { entry } = props;
  const mine = entry.id.startsWith("file:");
  return (
    <li class="case">
      <div class="case-head">
        <a href={addressOf(entry.id)}>{entry.title || entry.path}</a>
        <span class="quiet">{entry.path}</span>
      </div>
      <p class="case-question">{/^\w+$/.test(entry.question) ? capital(plainName(entry.question)) : entry.question}</p>
      <p class="case-answer">
        <AnswerLine entry={entry} found={told.value[entry.id]} onAsk={() => askFor([entry], props.version)} />
      </p>
      <div class="case-foot">
        <State entry={entry} />
        <span class="quiet">{mine && when(entry.modified)}</span>
        <span class="case-buttons">
          <button class="plain" aria-label={`${mine ? "Duplicate" : "Copy to my folder"}: ${entry.title}`} onClick={() => props.onWish({ kind: "duplicate", entry })}>
            {mine ? "Duplicate" : "Copy to my folder"}
          </button>
          {mine && (
            <button class="plain" aria-label={`Rename: ${entry.title}`} onClick={() => props.onWish({ kind: "rename", entry })}>
              Rename
            </button>
          )}
        </span>
      </div>
    </li>
  );
}
