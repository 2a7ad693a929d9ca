// The cases of the folder and of the gallery, each with its question and its answer in one line.

import { useEffect, useMemo, useState } from "preact/hooks";
import * as api from "../api";
import { CaseDialog, type Wish } from "../parts/CaseDialogs";
import { CaseRow } from "../parts/CaseRow";
import { moveDraft } from "../parts/editor/drafts";
import { askFor, leave, recall, told } from "../parts/oneLine";
import type { CaseEntry } from "../types";
import { go } from "../url";
import "./Cases.css";

const AT_ONCE = 6; // so many are answered without being asked for

type Listed = Awaited<ReturnType<typeof api.cases>>;

function List(props: { title: string; entries: CaseEntry[]; all: CaseEntry[]; version: string; onWish: (wish: Wish) => void; empty: string }) {
  const open = props.all.filter((entry) => entry.state !== "errors" && entry.state !== "checking" && !told.value[entry.id]);
  return (
    <section class="cases" aria-label={props.title}>
      <header>
        <h2>{props.title}</h2>
        {open.length > 1 && <button onClick={() => askFor(open, props.version)}>Answer all {open.length}</button>}
      </header>
      {props.entries.length === 0 && <p class="quiet">{props.empty}</p>}
      <ul>
        {props.entries.map((entry) => (
          <CaseRow key={entry.id} entry={entry} version={props.version} onWish={props.onWish} />
        ))}
      </ul>
    </section>
  );
}

export default function Cases() {
  const [listed, setListed] = useState<Listed | null>(null);
  const [failed, setFailed] = useState("");
  const [filter, setFilter] = useState("");
  const [wish, setWish] = useState<Wish | null>(null);
  const fetchAll = () =>
    api
      .cases()
      .then((found) => {
        setListed(found);
        setFailed("");
        recall([...found.cases, ...found.gallery], found.version);
        const unasked = found.cases.filter((entry) => !told.value[entry.id]);
        if (found.cases.length <= AT_ONCE) askFor(unasked, found.version);
      })
      .catch((error: Error) => setFailed(error.message));
  useEffect(() => {
    void fetchAll();
    return leave;
  }, []);
  useEffect(() => {
    const all = listed ? [...listed.cases, ...listed.gallery] : [];
    if (!all.some((entry) => entry.state === "checking")) return;
    const timer = setTimeout(fetchAll, 1000);
    return () => clearTimeout(timer);
  }, [listed]);
  const matches = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return (entry: CaseEntry) => {
      const text = `${entry.title} ${entry.path} ${entry.question}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
  }, [filter]);
  const done = (id: string) => {
    const renamed = wish?.kind === "rename" ? wish.entry.id : null;
    setWish(null);
    if (renamed !== null) {
      if (renamed !== id) moveDraft(renamed, id);
      void fetchAll();
    }
    else go({ id, page: "answer", changes: { set: {}, on: [] }, question: null, more: {} });
  };
  return (
    <div class="cases-page">
      <header class="page-head">
        <h1 id="heading" tabIndex={-1}>
          Cases
        </h1>
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter the cases"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <button class="primary" onClick={() => setWish({ kind: "new" })}>
          New case
        </button>
      </header>
      {failed && (
        <p class="error" role="alert">
          {failed}
        </p>
      )}
      {!listed && !failed && <p class="quiet">Reading the folder…</p>}
      {listed?.notes?.map((note) => <p key={note} class="quiet">{note}</p>)}
      {listed && (
        <>
          <List
            title={`Your folder: ${listed.folder}`}
            entries={listed.cases.filter(matches)}
            all={listed.cases}
            version={listed.version}
            onWish={setWish}
            empty={listed.cases.length ? "No case here has these words." : "No case here yet. Start a new one, or copy one of the gallery."}
          />
          <List
            title="Gallery"
            entries={listed.gallery.filter(matches)}
            all={listed.gallery}
            version={listed.version}
            onWish={setWish}
            empty="No case of the gallery has these words."
          />
          <p class="quiet">Foederis {listed.version}</p>
        </>
      )}
      {wish && <CaseDialog wish={wish} onClose={() => setWish(null)} onDone={done} />}
    </div>
  );
}
