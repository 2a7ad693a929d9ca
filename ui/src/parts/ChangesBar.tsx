// What is changed against the saved file, in words, with a way back for each.

import type { Model } from "../types";
import { isEmpty, listed } from "./changes";
import { Loaded } from "./loaded";
import { withUnit, writingOf } from "./numbers";
import { isEstimate } from "./common";
import type { Turning } from "./useChanges";
import type { Live } from "./useLive";
import { differs } from "./words";

const keep = () => import("./Keep").then((found) => ({ default: found.Keep }));

/** The answer that is looked at, so that it stays in sight while numbers are turned. */
function Watched({ model, question, live }: { model: Model; question: string; live: Live }) {
  const asked = model.questions.find((one) => one.name === question);
  const reply = live.now?.answer.questions[question];
  // Beside changes that have no answer, an older answer would seem to be theirs.
  if (!asked || live.error || !isEstimate(reply)) return null;
  const writing = writingOf(asked);
  const found = differs(reply, live.saved?.questions[question], writing);
  return (
    <span class="changes-answer" title={asked.says || asked.name}>
      <strong>{withUnit(writing.value(reply.mean), writing.unit)}</strong>{" "}
      {found && (
        <>
          <span aria-hidden="true">{found.sign} {found.size} {found.size && writing.share ? "pp" : ""}</span>
          <span class="unseen">{found.words}</span>
        </>
      )}
    </span>
  );
}

/** Each change in words, with a way back. */
function Listed({ model, turning }: { model: Model; turning: Turning }) {
  return (
    <ul>
      {listed(model, turning.shown).map((change) => (
        <li key={change.key}>
          <span class="change-text">
            <span class="quiet">{change.what}:</span> {change.from !== null && <>{change.from} → </>}
            <strong>{change.to}</strong>
          </span>
          <button class="plain" aria-label={`Undo ${change.what} ${change.to}`} onClick={() => turning.setChanges(change.without, true)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The changes alone, where there is no file to keep them in. */
export function ChangesList({ model, turning }: { model: Model; turning: Turning }) {
  if (isEmpty(turning.shown)) return null;
  return (
    <section class="changes" aria-label="Changes against the case">
      <Listed model={model} turning={turning} />
      <div class="changes-buttons">
        <button onClick={turning.undoAll}>Undo all</button>
      </div>
    </section>
  );
}

export function ChangesBar(props: {
  model: Model;
  question: string;
  live: Live;
  turning: Turning;
  keeping: boolean;
  setKeeping: (keeping: boolean) => void;
  onKept: (name: string) => void;
}) {
  const { model, turning } = props;
  if (isEmpty(turning.shown)) return null;
  const done = (name: string) => {
    props.setKeeping(false);
    props.onKept(name);
  };
  return (
    <section class="changes" aria-label="Changes against the saved file">
      <Watched model={model} question={props.question} live={props.live} />
      <Listed model={model} turning={turning} />
      <div class="changes-buttons">
        <button onClick={turning.undoAll}>Undo all</button>
        <button class="primary" disabled={turning.turning} onClick={() => props.setKeeping(true)}>
          Keep as what-if…
        </button>
      </div>
      {props.keeping && (
        <Loaded
          load={keep}
          props={{ model, changes: turning.settled, onDone: done, onCancel: () => props.setKeeping(false) }}
        />
      )}
    </section>
  );
}
