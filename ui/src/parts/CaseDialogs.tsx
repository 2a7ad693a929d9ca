// New, duplicate and rename: one field, with the server's refusal beside it.

import { useState } from "preact/hooks";
import * as api from "../api";
import type { CaseEntry } from "../types";
import { Dialog } from "./Dialog";

export type Wish = { kind: "new" } | { kind: "duplicate" | "rename"; entry: CaseEntry };

const TITLE = { new: "New case", duplicate: "Duplicate a case", rename: "Rename a file" };
const DOES = { new: "Make it", duplicate: "Duplicate", rename: "Rename" };

function proposed(wish: Wish): string {
  if (wish.kind === "new") return "my_case";
  const name = wish.entry.path.replace(/\.ya?ml$/, "");
  return wish.kind === "rename" ? name : wish.entry.id.startsWith("gallery:") ? name : `${name}_2`;
}

export function CaseDialog({ wish, onClose, onDone }: { wish: Wish; onClose: () => void; onDone: (id: string) => void }) {
  const [name, setName] = useState(proposed(wish));
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const plain = name.trim().replace(/\.ya?ml$/, "");
    const asked =
      wish.kind === "rename" ? api.rename(wish.entry.id, plain) : api.create(plain, wish.kind === "new" ? null : wish.entry.id);
    asked
      .then(({ id }) => onDone(id))
      .catch((error: Error) => {
        setRefused(error.message);
        setBusy(false);
      });
  };
  return (
    <Dialog title={TITLE[wish.kind]} onClose={onClose}>
      <form onSubmit={send}>
        {wish.kind !== "new" && (
          <p>
            {wish.kind === "rename" ? "The file" : "A copy of"} <strong>{wish.entry.title}</strong> ({wish.entry.path}){wish.kind === "duplicate" ? ", and of its news if it has any" : ", and its news if it has any"}
          </p>
        )}
        {wish.kind === "new" && <p>A short file to start from, with one of everything and a note at each part.</p>}
        <div class="name">
          <label>
            Name of the file, without .yaml
            <input
              value={name}
              autofocus
              autocomplete="off"
              spellcheck={false}
              aria-invalid={!!refused}
              aria-describedby="case-name-refused"
              onInput={(event) => {
                setName(event.currentTarget.value);
                setRefused("");
              }}
            />
          </label>
          <p id="case-name-refused" class={refused ? "under wrong" : "under"} role="alert">
            {refused}
          </p>
        </div>
        <p class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={busy || !name.trim()}>
            {DOES[wish.kind]}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
