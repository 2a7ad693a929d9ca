// Parts of the page that are fetched when they are first needed.

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";

export type Loads<P> = () => Promise<{ default: FunctionComponent<P> }>;

const known = new Map<Loads<any>, FunctionComponent<any>>();

/** Shows a part once it is there; until then a quiet line, so that nothing seems stuck. */
export function Loaded<P extends object>({ load, props }: { load: Loads<P>; props: P }) {
  const [failed, setFailed] = useState<Error | null>(null);
  const [, setRound] = useState(0);
  const Part = known.get(load) as FunctionComponent<P> | undefined;
  useEffect(() => {
    if (Part) return;
    let left = false;
    load()
      .then((found) => {
        known.set(load, found.default);
        if (!left) setRound((round) => round + 1);
      })
      .catch((error: Error) => !left && setFailed(error));
    return () => {
      left = true;
    };
  }, [load]);
  if (Part) return <Part {...props} />;
  if (failed)
    return (
      <p class="error" role="alert">
        This part of the page could not be fetched. Is <code>foederis serve</code> still running?{" "}
        <button onClick={() => location.reload()}>Load the page again</button>
      </p>
    );
  return <p class="quiet">Loading…</p>;
}
