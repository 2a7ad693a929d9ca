// The whole view is in the address: which case, which page, what is changed, what is asked.

import { signal } from "@preact/signals";
import type { Changes } from "./types";

export const PAGES = [
  "answer", "why", "drivers", "what-ifs", "claims", "exposure", "histories", "ties", "evidence", "news", "edit",
] as const;
export type Page = (typeof PAGES)[number];

interface View {
  /** A case's id; null for the list of cases. */
  id: string | null;
  page: Page;
  changes: Changes;
  question: string | null;
  /** What a page keeps beyond that, as an actor or a line of the file. */
  more: Record<string, string>;
}

/** As it was before it was written into an address; as it stands where it never was, as after a slip of the hand. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function read(hash: string): View {
  const [path = "", ...rest] = hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map(decoded);
  const view: View = { id: null, page: "answer", changes: { set: {}, on: [] }, question: null, more: {} };
  if (parts[0] === "case" && parts[1]) view.id = parts[1];
  if (PAGES.includes(parts[2] as Page)) view.page = parts[2] as Page;
  for (const [key, value] of new URLSearchParams(rest.join("?"))) {
    if (key === "set") {
      const sign = value.indexOf("=");
      if (sign > 0) view.changes.set[value.slice(0, sign).replaceAll("%3D", "=")] = value.slice(sign + 1);
    } else if (key === "on") view.changes.on = value.split(",").filter(Boolean);
    else if (key === "q") view.question = value;
    else view.more[key] = value;
  }
  return view;
}

export function write(view: View): string {
  if (view.id === null) return "#/";
  const query = new URLSearchParams();
  for (const [path, text] of Object.entries(view.changes.set)) query.append("set", `${path.replaceAll("=", "%3D")}=${text}`); // a path may hold a condition
  if (view.changes.on.length) query.set("on", view.changes.on.join(","));
  if (view.question) query.set("q", view.question);
  for (const [key, value] of Object.entries(view.more)) query.set(key, value);
  const asked = query.toString();
  return `#/case/${encodeURIComponent(view.id)}/${view.page}${asked ? `?${asked}` : ""}`;
}

export const view = signal<View>(read(location.hash));

let bound = true;

/** From now on the view is kept here alone: the address belongs to another page, that of a notebook. */
export function unbind(first: Partial<View>): void {
  bound = false;
  view.value = { ...read(""), ...first };
}

addEventListener("hashchange", () => {
  if (bound && write(view.value) !== location.hash) view.value = read(location.hash);
});

/** Goes to another view; a view that only follows a hand (a slider) takes the place of the one before. */
export function go(change: Partial<View>, replace = false): void {
  const next = { ...view.value, ...change };
  const hash = write(next);
  view.value = next;
  if (!bound || hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}

addEventListener("popstate", () => {
  if (bound) view.value = read(location.hash);
});

export function link(change: Partial<View>): string {
  return write({ ...view.value, ...change });
}
