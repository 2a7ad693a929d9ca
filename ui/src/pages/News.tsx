// What has been observed of a case, and what it changes.

import { useEffect, useState } from "preact/hooks";
import * as api from "../api";
import { Changed, LeftOut, useSettled, withoutMoves } from "../parts/Basis";
import { Diagnostics, Panel } from "../parts/common";
import { Diff } from "../parts/Diff";
import { AddForm } from "../parts/news/AddForm";
import { Update } from "../parts/news/Update";
import { counted } from "../parts/numbers";
import type { PageProps } from ".";
import "../parts/Diff.css";
import "./News.css";

type Kept = Awaited<ReturnType<typeof api.news>>;
/** A change that is not saved yet, how many observations there are with it, and whether it adds one. */
type Pending = Awaited<ReturnType<typeof api.changeNews>> & { count: number; adds: boolean };

function useNews(id: string) {
  const [kept, setKept] = useState<Kept | null>(null);
  const [pending, setPending] = useState<Pending | null>(null);
  const [error, setError] = useState<api.Refused | null>(null);
  const [busy, setBusy] = useState(false);
  /** Texts that were saved over, newest last. */
  const [before, setBefore] = useState<string[]>([]);
  const [added, setAdded] = useState(0);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (why) {
      setError(why as api.Refused);
    } finally {
      setBusy(false);
    }
  };
  const load = () => attempt(async () => setKept(await api.news(id)));
  useEffect(() => void load(), [id]);
  const change = (what: { add: string } | { drop: number }) => attempt(async () => {
    const found = await api.changeNews(id, what);
    const count = (kept?.items.length ?? 0) + ("add" in what ? 1 : -1);
    // A file without observations is refused for an update, and is what is left when the last one is removed.
    if (count > 0 && found.diagnostics.some((one) => one.severity === "error"))
      throw new api.Refused(422, found.diagnostics[0]!.message, found.diagnostics);
    setPending({ ...found, diagnostics: count > 0 ? found.diagnostics : [], count, adds: "add" in what });
  });
  const save = async (file: string, text: string, sha256: string) => {
    await api.save(file, text, sha256);
    setPending(null);
    setKept(await api.news(id));
  };
  const keep = () => attempt(async () => {
    await save(pending!.id, pending!.text, pending!.sha256);
    setBefore([...before, kept!.text]);
    if (pending!.adds) setAdded(added + 1);
  });
  const undo = () => attempt(async () => {
    await save(kept!.id!, before[before.length - 1]!, kept!.sha256);
    setBefore(before.slice(0, -1));
  });
  return { kept, pending, error, busy, before, added, load, change, keep, undo, discard: () => setPending(null) };
}

type News = ReturnType<typeof useNews>;

function Items({ news }: { news: News }) {
  const { kept, pending, busy } = news;
  if (!kept) return news.error ? null : <p class="quiet">Reading the news…</p>;
  if (!kept.items.length) return <p>Nothing has been observed yet.</p>;
  return (
    <ol class="items">
      {kept.items.map((item, place) => (
        <li>
          <div>
            {item.says ? <><p>{item.says}</p><details><summary>as it is written</summary><pre>{item.text}</pre></details></> : <pre>{item.text}</pre>}
          </div>
          <button type="button" disabled={busy || pending !== null} onClick={() => void news.change({ drop: place })} aria-label={`Remove observation ${place + 1}: ${item.says || item.text}`}>Remove</button>
        </li>
      ))}
    </ol>
  );
}

function Unsaved({ news }: { news: News }) {
  const pending = news.pending!;
  const warnings = pending.diagnostics;
  return (
    <Panel title="Not saved yet">
      <Diff lines={pending.diff} label={`Change to ${pending.id.replace(/^\w+:/, "")}`} />
      {warnings.length > 0 && <Diagnostics items={warnings} />}
      <p class="actions">
        {news.kept?.writable
          ? <button type="button" class="primary" disabled={news.busy} onClick={() => void news.keep()}>Save in the file of news</button>
          : <span class="quiet">The gallery is not written to: duplicate the case to keep this.</span>}
        <button type="button" onClick={news.discard}>Undo</button>
      </p>
    </Panel>
  );
}

function Failure({ news }: { news: News }) {
  const error = news.error;
  if (!error) return null;
  if (error.diagnostics.length) return <div role="alert"><Diagnostics items={error.diagnostics} /></div>;
  return (
    <p class="error" role="alert">
      {error.status === 409 ? "The file of news has changed on disk meanwhile; nothing was written." : error.message}{" "}
      <button type="button" onClick={() => (news.discard(), void news.load())}>Read the news anew</button>
    </p>
  );
}

/** With private types an update takes minutes, so it waits to be asked for. */
function Effects(props: PageProps & { text: string }) {
  const { model, question, text } = props;
  const settled = useSettled(props.changes);
  const changes = withoutMoves(model, settled);
  const [wanted, setWanted] = useState(!model.typed);
  if (!wanted) return <p>The case has private types, so this may take some minutes. <button type="button" class="primary" onClick={() => setWanted(true)}>Work it out</button></p>;
  return (
    <>
      <Changed changes={changes} />
      <LeftOut model={model} changes={settled} where="What was observed is weighed on the course of play without them." />
      <Update model={model} changes={changes} question={question} news={text} />
    </>
  );
}

export default function NewsPage(props: PageProps) {
  const { model } = props;
  const news = useNews(model.id);
  const { kept, pending, before } = news;
  const count = pending?.count ?? kept?.items.length ?? 0;
  const text = count > 0 ? (pending ?? kept)!.text : "";
  return (
    <div class="news-page">
      <Panel title="What was observed" actions={before.length > 0 && !pending && <button type="button" disabled={news.busy} onClick={() => void news.undo()}>Undo the last change</button>}>
        {model.observed > 0 && <p class="quiet">The crisis file itself holds {counted(model.observed, "observation")}; what stands here comes after.</p>}
        <Items news={news} />
        <Failure news={news} />
      </Panel>
      {pending && <Unsaved news={news} />}
      {/* Kept while its observation waits to be saved, so that undoing it brings the fields back as they were. */}
      <div hidden={pending !== null}>
        <Panel title="Add an observation">
          <AddForm key={news.added} model={model} busy={news.busy} onAdd={(add) => void news.change({ add })} />
        </Panel>
      </div>
      <Panel title={pending ? "What it would change" : "What it changes"}>
        {!kept ? null : count + model.observed > 0 ? <Effects {...props} text={text} /> : <p class="quiet">Once something is observed, this shows every judgement before and after, and which observation moved which.</p>}
      </Panel>
    </div>
  );
}
