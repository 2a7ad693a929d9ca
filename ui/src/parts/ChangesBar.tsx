// What is changed against the saved file, in words, with a way back for each.

import type { Model } from "../types";
import { isEmpty, listed } from "./changes";
import { Loaded } from "./loaded";
import type { Turning } from "./useChanges";

const keep = () => import("./Keep").then((found) => ({ default: found.Keep }));

export function ChangesBar(props: {
  model: Model;
  turning: Turning;
  keeping: boolean;
  setKeeping: (keeping: boolean) => void;
  reload: () => void;
}) {
  const { model, turning } = props;
  if (isEmpty(turning.shown)) return null;
  const done = () => {
    props.setKeeping(false);
    props.reload();
  };
  return (
    <section class="changes" aria-label="Changes against the saved file">
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
