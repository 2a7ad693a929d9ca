// What the numbers that are shown rest on, and what is to be said where the newest changes have no answer.

import { doubts, type Rests } from "./Basis";
import { isEmpty } from "./changes";
import { Diagnostics } from "./common";
import { Ticked } from "./Ticked";
import type { Turning } from "./useChanges";
import type { Live } from "./useLive";
import { checked } from "./words";

function rest({ now, ready, behind, error }: Live, turning: boolean): string {
  if (turning) return now!.rough ? ", while you drag" : "";
  if (error) return "";
  if (behind) return ", from before the last change";
  return now!.rough ? `, then ${ready?.draws_full.toLocaleString("en") ?? "all"}` : "";
}

/** How many worlds the numbers rest on, and what their check says. The line keeps its height. */
export function Standing({ live, turning }: { live: Live; turning: boolean }) {
  const { now, error, progress } = live;
  if (!now) return <p class="standing">{error ? "" : progress ? progress.what : "Preparing the case…"}</p>;
  const check = checked(now.answer);
  const inDoubt = doubts(now.answer as Rests);
  return (
    <p class="standing" data-rough={now.rough || live.behind}>
      <span>
        {now.label}
        {rest(live, turning)}
      </span>
      <span class={check.good ? "quiet" : "error"} title="How far the solution is from solving its equations, as a part of the range of payoffs; at most 10⁻⁹">{check.text}</span>
      {inDoubt.length > 0 && <span class="warn" title={inDoubt.join(" ")}>△ some of it in doubt: see the end of the page Answer</span>}
      {progress && progress.total > 0 && (
        <progress value={progress.done} max={progress.total} aria-label="solving in all worlds" />
      )}
    </p>
  );
}

export function Unsolved({ live, turning, onLine }: { live: Live; turning: Turning; onLine?: (line: number) => void }) {
  const { diagnostics, message } = live.error!;
  const changed = !isEmpty(turning.shown);
  return (
    <section class="panel unsolved" role="alert">
      <strong>
        {changed ? "These changes have no answer." : "The file has no answer."}
        {live.now && " The numbers below are older."}
      </strong>
      {diagnostics.length ? <Diagnostics items={diagnostics} onLine={onLine} /> : <p><Ticked text={message} /></p>}
      {changed && <button onClick={turning.undo}>Undo the last change</button>}
    </section>
  );
}
