// What is changed against the saved file, in words, and taken back piece by piece.

import type { Changes, Model } from "../types";

export const same = (a: Changes, b: Changes) => JSON.stringify(a) === JSON.stringify(b);
export const isEmpty = (changes: Changes) => changes.on.length === 0 && Object.keys(changes.set).length === 0;

/** The text at a path in the saved file, as far as the model tells it. */
function inFile(model: Model, path: string): string | null {
  const clauses = model.treaties.flatMap((treaty) => treaty.clauses);
  return (
    model.quantities.find((one) => one.path === path)?.text ??
    clauses.find((one) => one.path === path)?.current ??
    model.numbers.find((one) => one.path === path)?.text ??
    null
  );
}

/** The text at a path once the what-ifs that are on have been applied, in the order of the file. */
export function underWhatIfs(model: Model, changes: Changes, path: string): string | null {
  const applied = model.what_ifs.filter((one) => changes.on.includes(one.name));
  const found = applied.flatMap((one) => one.changes).findLast((one) => one.path === path);
  return found?.text ?? inFile(model, path);
}

export const nowAt = (model: Model, changes: Changes, path: string) =>
  changes.set[path] ?? underWhatIfs(model, changes, path);

/** The changes with a text at a path; a text that stands there anyway is no change. */
export function withText(model: Model, changes: Changes, path: string, text: string | null): Changes {
  const { [path]: _, ...set } = changes.set;
  if (text !== null && text !== underWhatIfs(model, changes, path)) set[path] = text;
  return { ...changes, set };
}

export function withWhatIf(changes: Changes, name: string, on: boolean): Changes {
  return { ...changes, on: on ? [...changes.on.filter((one) => one !== name), name] : changes.on.filter((one) => one !== name) };
}

export interface Change {
  key: string;
  what: string;
  from: string | null;
  to: string;
  without: Changes;
}

/** `quantities.p_fall` is `p_fall`; other paths keep the words that say where. */
function shortPath(path: string): string {
  return path.replace(/^quantities\./, "").replace(/\.value$/, "");
}

export function listed(model: Model, changes: Changes): Change[] {
  const whatIfs = changes.on.map((name) => ({
    key: `on ${name}`,
    what: "what if",
    from: null,
    to: model.what_ifs.find((one) => one.name === name)?.says || name,
    without: withWhatIf(changes, name, false),
  }));
  const texts = Object.entries(changes.set).map(([path, to]) => {
    const { [path]: _, ...set } = changes.set;
    return { key: path, what: shortPath(path), from: underWhatIfs(model, changes, path), to, without: { ...changes, set } };
  });
  return [...whatIfs, ...texts];
}
