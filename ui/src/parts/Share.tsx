// Ways to hand on what is seen: the address, the offline brief, the changed file.

import { useRef, useState } from "preact/hooks";
import * as api from "../api";
import type { Changes, Model } from "../types";
import { download } from "./download";
import { Ticked } from "./Ticked";

async function fetchBrief(model: Model, changes: Changes, signal: AbortSignal): Promise<void> {
  const reply = await api.brief(model.id, changes, signal);
  const named = /filename="?([^";]+)/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1];
  download(named ?? `${model.name}.html`, await reply.blob());
}

export function Share({ model, changes }: { model: Model; changes: Changes }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [said, setSaid] = useState("");
  const [brief, setBrief] = useState<AbortController | null>(null);
  const fail = (error: Error) => setSaid(error.name === "AbortError" ? "Stopped." : error.message);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  const copy = () =>
    navigator.clipboard
      .writeText(location.href)
      .then(() => setSaid("Address copied. Opened on this machine, it shows the same view."))
      .catch(() => setSaid("The browser did not allow copying: take the address from its own field."));
  const changed = () =>
    api
      .changed(model.id, changes)
      .then(({ text }) => {
        download(`${model.name}_changed.yaml`, new Blob([text], { type: "application/yaml" }));
        setSaid("");
      })
      .catch(fail);
  const makeBrief = () => {
    const stop = new AbortController();
    setBrief(stop);
    setSaid("");
    fetchBrief(model, changes, stop.signal)
      .catch(fail)
      .finally(() => setBrief(null));
  };
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        close();
        menu.current?.querySelector("summary")?.focus();
      }}
      onFocusOut={(event) => !menu.current?.contains(event.relatedTarget as Node | null) && event.relatedTarget && close()}
    >
      <summary>Share</summary>
      <div class="menu-body">
        <button onClick={copy}>Copy the address of this view</button>
        <button onClick={changed}>Download the file with the changes</button>
        {brief ? (
          <div class="menu-busy">
            <progress aria-label="making the brief" />
            <span>Making the brief. It may take minutes.</span>
            <button onClick={() => brief.abort()}>Cancel</button>
          </div>
        ) : (
          <button onClick={makeBrief}>Download the brief (one page that works offline)</button>
        )}
        <p role="status" class="quiet">
          <Ticked text={said} />
        </p>
      </div>
    </details>
  );
}
