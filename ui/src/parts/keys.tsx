// The keys of the workbench: what they do, and a list of them for `?`.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PAGE_OF } from "../pages";
import { go, PAGES, view, type Page } from "../url";
import { Dialog } from "./Dialog";
import { keep, kept } from "./kept";

const LETTER: Record<Page, string> = {
  answer: "a", why: "w", drivers: "d", "what-ifs": "i", claims: "l", exposure: "x", histories: "h", ties: "t",
  evidence: "v", news: "n", edit: "e",
};

const listed = signal(false);

/** Whether single keys do anything: whoever speaks to the computer, or hits keys by accident, may want that they do not. */
const heard = signal(kept("keys") !== "off");

function hear(on: boolean): void {
  heard.value = on;
  keep("keys", on ? "on" : "off");
}

/** What single keys do on the page that is shown: set by the page, taken away when it leaves. */
const actions = new Map<string, () => void>();

/** Gives keys their meaning while the component is shown. */
export function useKeys(meaning: Record<string, () => void>): void {
  useEffect(() => {
    for (const [key, action] of Object.entries(meaning)) actions.set(key, action);
    return () => {
      for (const [key, action] of Object.entries(meaning)) if (actions.get(key) === action) actions.delete(key);
    };
  });
}

function writes(target: EventTarget | null): boolean {
  // Over a dialog the focus may be nowhere, and the keys of the page behind it would still be heard.
  if (document.querySelector("dialog[open]")) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return !["range", "checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** When `g` was pressed last; times count from the start of the page. */
let afterG = -Infinity;

function pressed(event: KeyboardEvent): void {
  if (!heard.value || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writes(event.target)) return;
  const goes = event.timeStamp - afterG < 1500;
  afterG = -Infinity;
  if (goes) {
    const page = PAGES.find((one) => LETTER[one] === event.key);
    if (event.key === "c") go({ id: null, changes: { set: {}, on: [] }, question: null, more: {} });
    else if (page && view.value.id !== null) go({ page, more: {} });
    else return;
  } else if (event.key === "g") afterG = event.timeStamp;
  else if (event.key === "?") listed.value = true;
  else if (actions.has(event.key)) actions.get(event.key)!();
  else return;
  event.preventDefault();
}

addEventListener("keydown", pressed);

export const showKeys = () => {
  listed.value = true;
};

const SINGLE: [string, string][] = [
  ["?", "this list"],
  ["/", "find a number to turn"],
  ["u", "undo the last change"],
  ["Shift u", "undo all changes"],
  ["s", "keep the changes as a what-if"],
];

export function KeyList() {
  if (!listed.value) return null;
  const pages: [string, string][] = PAGES.map((page) => [`g ${LETTER[page]}`, PAGE_OF[page].title]);
  return (
    <Dialog title="Keys" onClose={() => (listed.value = false)}>
      <label class="keys-heard">
        <input type="checkbox" checked={heard.value} onChange={(event) => hear(event.currentTarget.checked)} />
        Single keys do something on these pages. This browser keeps what you choose.
      </label>
      <dl class={heard.value ? "keys" : "keys off"}>
        {[...SINGLE, ["g c", "Cases"] as [string, string], ...pages].map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
