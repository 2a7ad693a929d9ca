// Keeps changes as a what-if of the file.

import { useEffect, useMemo, useState } from "preact/hooks";
import * as api from "../api";
import type { Changes, DiffLine, Model } from "../types";
import { go } from "../url";
import { Diagnostics } from "./common";
import { Dialog } from "./Dialog";
import { Diff } from "./Diff";
import { Duplicate, NameField } from "./Duplicate";
import { nameFrom, wrongName } from "./names";

interface KeepProps {
  model: Model;
  changes: Changes;
  /** After the file was saved with the what-if of this name. */
  onDone: (name: string) => void;
  onCancel: () => void;
}

const last = (path: string) => path.split(".").pop()!;

/** What the changes are, in one line. */
function inWords(changes: Changes): string {
  const set = Object.entries(changes.set).map(([path, text]) => `${path.replace(/^quantities\./, "")} is ${text}`);
  return [...changes.on.map((name) => `${name} holds`), ...set].join("; ");
}

function suggestedName(changes: Changes, taken: string[]): string {
  const set = Object.entries(changes.set);
  const first = changes.on[0] ?? (set.length === 1 ? `${last(set[0]![0])}_${set[0]![1]}` : last(set[0]?.[0] ?? "what_if"));
  const more = changes.on.length + set.length - 1;
  return nameFrom(more > 0 ? `${first}_and_${more}_more` : first, taken);
}

type Preview =
  | { state: "asking" }
  | { state: "shown"; text: string; diff: DiffLine[] }
  | { state: "refused"; error: api.Refused };

/** What the file would be, asked a moment after the last keystroke; an older reply never takes a newer one's place. */
function usePreview(props: KeepProps, name: string, says: string, valid: boolean): Preview {
  const [preview, setPreview] = useState<Preview>({ state: "asking" });
  const { model, changes } = props;
  useEffect(() => {
    if (!valid || !model.writable) return;
    let left = false;
    setPreview((before) => (before.state === "refused" ? { state: "asking" } : before));
    const timer = setTimeout(() => {
      api.keep(model.id, model.sha256, name, says, changes)
        .then(({ text, diff }) => !left && setPreview({ state: "shown", text, diff }))
        .catch((error) => !left && setPreview({ state: "refused", error }));
    }, 250);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [model.id, model.sha256, JSON.stringify(changes), name, says, valid]);
  return preview;
}

function Refusal({ error }: { error: api.Refused }) {
  if (error.status === 409)
    return (
      <p class="refused" role="alert">
        The file has changed on disk since this page read it. Load the page anew, then keep the changes: they are in the address and stay.{" "}
        <button type="button" onClick={() => location.reload()}>Load the page anew</button>
      </p>
    );
  if (error.diagnostics.length) return <div role="alert"><Diagnostics items={error.diagnostics} /></div>;
  return <p class="refused" role="alert">{error.message}</p>;
}

function Fields(props: KeepProps) {
  const { model, changes } = props;
  const taken = useMemo(() => model.what_ifs.map((one) => one.name), [model]);
  const [name, setName] = useState(() => suggestedName(changes, taken));
  const [says, setSays] = useState(() => inWords(changes));
  const [refused, setRefused] = useState<api.Refused | null>(null);
  const [saving, setSaving] = useState(false);
  const wrong = wrongName(name, taken);
  const preview = usePreview(props, name, says, !wrong);
  const error = refused ?? (preview.state === "refused" ? preview.error : null);
  const ready = !wrong && preview.state === "shown" && !saving;
  const save = async (event: Event) => {
    event.preventDefault();
    if (!ready) return;
    setSaving(true);
    try {
      // Asked once more, so that what is saved has the name and the words that stand in the fields now.
      const { text } = await api.keep(model.id, model.sha256, name, says, changes);
      await api.save(model.id, text, model.sha256);
      props.onDone(name);
    } catch (why) {
      setRefused(why as api.Refused);
    } finally {
      setSaving(false);
    }
  };
  return (
    <form onSubmit={save} onInput={() => setRefused(null)}>
      <NameField label="Name" name={name} wrong={wrong} hint="Letters, digits and _. By this name the what-if is asked for." onName={setName} />
      <label>
        What it says, in plain words
        <input value={says} maxLength={500} onInput={(event) => setSays(event.currentTarget.value)} />
      </label>
      <div class="preview">
        {error ? <Refusal error={error} /> : preview.state === "shown" ? <Diff lines={preview.diff} label={`Change to ${model.name}`} /> : <p class="under">{wrong ? "" : "Looking at what changes in the file…"}</p>}
      </div>
      <p class="actions">
        <button type="button" onClick={props.onCancel}>Cancel</button>
        <button type="submit" class="primary" disabled={!ready}>{saving ? "Saving…" : "Keep in the file"}</button>
      </p>
    </form>
  );
}

export function Keep(props: KeepProps) {
  return (
    <Dialog title="Keep as a what-if" onClose={props.onCancel}>
      {props.model.writable ? <Fields {...props} /> : (
        <>
          <p>This case belongs to the gallery, which is not written to. Duplicate it into your folder; your changes go along.</p>
          <Duplicate id={props.model.id} onCancel={props.onCancel} onDone={(id) => (props.onCancel(), go({ id }))} />
        </>
      )}
    </Dialog>
  );
}
