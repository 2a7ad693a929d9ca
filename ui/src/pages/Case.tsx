// The frame of a case: its model, its live answer, what is changed, and the page that is looked at.

import { useEffect, useState } from "preact/hooks";
import { Boundary } from "../parts/Boundary";
import { ChangesBar } from "../parts/ChangesBar";
import { isEmpty } from "../parts/changes";
import { Diagnostics, ProgressLine } from "../parts/common";
import { useKeys } from "../parts/keys";
import { Loaded } from "../parts/loaded";
import { memo, useLatest } from "../parts/memo";
import { Share } from "../parts/Share";
import { caseTitle } from "../parts/Shell";
import { Sliders } from "../parts/Sliders";
import { Standing, Unsolved } from "../parts/Standing";
import { Ticked } from "../parts/Ticked";
import { useChanges, type Turning } from "../parts/useChanges";
import { useLive, type Live } from "../parts/useLive";
import { useModel, withoutModel } from "../parts/useModel";
import type { Refused } from "../api";
import type { Model } from "../types";
import { go, view, type Page } from "../url";
import { PAGE_OF, type PageProps } from ".";
import "./Case.css";

/** Pages that are about the file rather than its answer: there is nothing to turn beside them. */
const WITHOUT_SLIDERS: Page[] = ["edit", "evidence", "news"];

const toLine = (line: number) => go({ page: "edit", more: { line: String(line) } });

export default function Case({ id }: { id: string }) {
  const { model, error, reload } = useModel(id);
  const turning = useChanges();
  const live = useLive(model, turning.shown, !turning.turning);
  useEffect(() => {
    caseTitle.value = model?.title ?? "";
    return () => {
      caseTitle.value = "";
    };
  }, [model?.title]);
  if (error) return <Broken id={id} error={error} reload={reload} />;
  if (!model) return <Waiting />;
  return <Frame model={model} turning={turning} live={live} reload={reload} />;
}

function Heading({ page }: { page: Page }) {
  return (
    <h1 id="heading" tabIndex={-1}>
      {PAGE_OF[page].title}
    </h1>
  );
}

function Waiting() {
  return (
    <>
      <Heading page={view.value.page} />
      <p class="quiet">Reading the file…</p>
    </>
  );
}

/** A file with errors: what is wrong, and the editor to mend it. */
function Broken({ id, error, reload }: { id: string; error: Refused; reload: () => void }) {
  const { page, question } = view.value;
  if (page === "edit" && error.status === 422) {
    const props = {
      model: withoutModel(id), changes: { set: {}, on: [] }, question: question ?? "", now: null, saved: null,
      setChanges: () => {}, reload,
    };
    return (
      <>
        <Heading page={page} />
        <Loaded load={PAGE_OF.edit.load} props={props} />
      </>
    );
  }
  return (
    <section class="panel">
      <h1 id="heading" tabIndex={-1}>
        {error.diagnostics.length ? "The file has errors" : "The case cannot be shown"}
      </h1>
      {error.diagnostics.length ? (
        <>
          <p>Until they are mended there is no answer. Each links to its line in the editor.</p>
          <Diagnostics items={error.diagnostics} onLine={toLine} />
        </>
      ) : (
        <p role="alert"><Ticked text={error.message} /></p>
      )}
      <p>
        {error.diagnostics.length > 0 && <button onClick={() => go({ page: "edit", more: {} })}>Open the editor</button>}{" "}
        <button onClick={reload}>Read the file again</button>
      </p>
    </section>
  );
}

/** The page itself: drawn again when there is a newer answer, not with every place that a slider passes. What was asked
 * of a file is asked anew of another text of it; the editor and the news keep what is being written. */
const Shown = memo(({ page, ...props }: { page: Page } & PageProps) => (
  <Loaded key={page === "edit" || page === "news" ? page : props.model.sha256} load={PAGE_OF[page].load} props={props} />
));

function findNumber(): void {
  const field = document.getElementById("find-number");
  const drawer = field?.closest("details");
  if (drawer) drawer.open = true;
  field?.focus();
}

function Frame(props: { model: Model; turning: Turning; live: Live; reload: () => void }) {
  const { model, turning, live } = props;
  const { page, question } = view.value;
  const [keeping, setKeeping] = useState(false);
  const [kept, setKept] = useState("");
  const onKept = (name: string) => {
    setKept(name);
    props.reload();
  };
  useEffect(() => {
    // Once the file is read again, the changes are what its new what-if holds.
    if (!model.what_ifs.some((one) => one.name === kept)) return;
    setKept("");
    turning.setChanges({ set: {}, on: [kept] }, true);
  }, [model, kept]);
  const asked = model.questions.some((one) => one.name === question) ? question! : (model.questions[0]?.name ?? "");
  const canKeep = !isEmpty(turning.settled);
  useKeys({
    u: turning.undo,
    U: turning.undoAll,
    s: () => canKeep && setKeeping(true),
    "/": findNumber,
  });
  const pageProps = {
    model, changes: turning.settled, question: asked, now: live.now, saved: live.saved,
    setChanges: useLatest(turning.setChanges), reload: useLatest(props.reload),
  };
  const turned = !WITHOUT_SLIDERS.includes(page);
  return (
    <div class="case-page" data-turned={turned}>
      <div class="case-main">
        <header class="page-head">
          <Heading page={page} />
          {turned && <Standing live={live} turning={turning.turning} />}
          <Share model={model} changes={turning.settled} />
        </header>
        {live.error && <Unsolved live={live} turning={turning} onLine={toLine} />}
        <Boundary key={page}>
          <Shown key={page} page={page} {...pageProps} />
        </Boundary>
        {!live.now && !live.error && turned && <ProgressLine progress={live.progress} />}
      </div>
      {turned && <Sliders model={model} changes={turning.shown} setChanges={turning.setChanges} />}
      <ChangesBar model={model} question={asked} live={live} turning={turning} keeping={keeping} setKeeping={setKeeping} onKept={onKept} />
    </div>
  );
}
