// Makes a case of the folder out of one that is not written to.

import { useId, useState } from "preact/hooks";
import * as api from "../api";
import { nameFrom, wrongName } from "./names";
import "./Dialog.css";

export function NameField(props: { label: string; name: string; wrong: string | null; hint: string; onName: (name: string) => void }) {
  const id = useId();
  return (
    <div class="name">
      <label>
        {props.label}
        <input
          value={props.name} maxLength={80} spellcheck={false} autocomplete="off" autofocus
          aria-invalid={!!props.wrong} aria-describedby={id} onInput={(event) => props.onName(event.currentTarget.value)}
        />
      </label>
      <p id={id} class={props.wrong ? "under wrong" : "under"} aria-live="polite">{props.wrong ?? props.hint}</p>
    </div>
  );
}

export function Duplicate(props: { id: string; onDone: (id: string) => void; onCancel: () => void }) {
  const [name, setName] = useState(() => nameFrom(props.id.replace(/^\w+:(.*\/)?/, "").replace(/\.ya?ml$/, ""), []));
  const [error, setError] = useState<string | null>(null);
  const wrong = wrongName(name, []) ?? error;
  const copy = async (event: Event) => {
    event.preventDefault();
    if (wrong) return;
    try {
      props.onDone((await api.create(name, props.id)).id);
    } catch (why) {
      setError((why as Error).message);
    }
  };
  return (
    <form onSubmit={copy}>
      <NameField label="Name of the copy" name={name} wrong={wrong} hint="" onName={(text) => (setName(text), setError(null))} />
      <p class="actions">
        <button type="button" onClick={props.onCancel}>Cancel</button>
        <button type="submit" class="primary" disabled={!!wrong}>Duplicate</button>
      </p>
    </form>
  );
}
