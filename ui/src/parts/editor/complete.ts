// What can stand at the cursor: keys and words from the schema, names from the file.

import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { DefinedName } from "../../api";
import { placeAt, type Place } from "./place";
import { keysAt, schemasAt, takesText, type Schema } from "./schema";

/** What completion and hovering know of the file and the language. */
export interface Knowledge {
  schema: Schema | null;
  names: DefinedName[];
}

/** Keys whose value is prose, in which no name is meant. */
export const PROSE = new Set(["says", "title", "about", "note", "where", "quote", "author", "date", "url", "file", "unit"]);

/** The kinds of names that stand at a key's value, or as the keys under it. */
const VALUES: Record<string, string[]> = {
  source: ["source"], actor: ["actor"], holder: ["actor"], parties: ["actor"], whatif: ["what-if"], against: ["what-if"],
  correlated: ["quantity"],
};
const KEYS: Record<string, string[]> = {
  pays: ["actor"], breach_cost: ["actor"], honoured_by: ["actor"], interests: ["actor"], sets: ["variable"],
  state: ["variable"], expect: ["question"], lost: ["fact", "variable"], imposed: ["turn"], observed: ["turn", "event"],
};
const EXPECTED = ["rises", "falls", "same within 2%", "above 50%", "below 20%"];
const IN_EXPRESSIONS = ["quantity", "variable", "fact"];
const FUNCTIONS: [string, string][] = [
  ["min", "min(${a}, ${b})"], ["max", "max(${a}, ${b})"], ["abs", "abs(${a})"], ["losses", "losses(${holder})"],
];
const WORDS = ["and", "or", "not", "in", "if", "else", "step"];

const of = (one: DefinedName, apply?: string): Completion => ({
  label: one.name,
  apply,
  detail: one.kind,
  info: one.says ? `${one.says}${one.source ? ` (${one.source})` : ""}` : undefined,
  type: one.kind === "option" || one.kind === "level" ? "enum" : "variable",
});

function named(names: DefinedName[], kinds: string[], ending = ""): Completion[] {
  const found = new Map(names.filter((one) => kinds.includes(one.kind)).map((one) => [one.name, of(one, one.name + ending)]));
  return [...found.values()];
}

function keys(place: Place, { schema, names }: Knowledge): Completion[] {
  const given = schema ? keysAt(schema, place.path) : [];
  const listed = place.path[place.path.length - 1] === "*";
  const parent = place.path[place.path.length - (listed ? 2 : 1)] ?? "";
  const top = place.path.length === 1 && place.path[0] === "state";
  const own = top ? [] : named(names, KEYS[parent] ?? [], ": ");
  const paths = place.path.length === 3 && parent === "set"
    ? names.filter((one) => one.kind !== "level").map((one) => ({ ...of(one), label: one.path, apply: `${one.path}: ` })) : [];
  const step = parent === "imposed" ? [{ label: "step", apply: "step: ", type: "property", boost: 2 }] : [];
  return [
    ...given.filter((key) => !place.beside.has(key.name)).map((key) => ({
      label: key.name, apply: `${key.name}:${key.deep ? "" : " "}`, detail: key.needed ? "needed" : undefined, info: key.says || undefined,
      type: "property", boost: key.needed ? 2 : 1,
    })),
    ...step, ...own, ...paths,
  ];
}

/** The levels of a variable, or of all. */
function levels(names: DefinedName[], variable: string | null): Completion[] {
  const found = names.filter((one) => one.kind === "level" && (variable === null || one.path.startsWith(`state.${variable}.`) || one.path === `state.${variable}`));
  return [...new Map(found.map((one) => [one.name, of(one)])).values()];
}

function options(names: DefinedName[], turn: string): Completion[] {
  const found = names.filter((one) => one.kind === "option" && one.path.startsWith(`moves.${turn}.`));
  return [...found.map((one) => of(one)), { label: "none", detail: "the turn passed" }];
}

/** Where the states that can be reached are decided, so that no number may be read. */
function readsStateOnly(path: string[]): boolean {
  const last = path[path.length - 1];
  const when = last === "when" && (path[0] === "moves" || path[0] === "events") && !path.includes("odds");
  return when || path[path.length - 2] === "sets";
}

function expression({ path, typed }: Place, { names }: Knowledge): Completion[] {
  const kinds = IN_EXPRESSIONS.filter((kind) => kind !== "quantity" || !readsStateOnly(path));
  const beside = /(\w+)\s*(?:==|!=|<=|>=|<|>|\bin)\s*(?:\w+\s*\|\s*)*\w*$/.exec(typed)?.[1];
  if (/losses\(\s*\w*$/.test(typed)) return named(names, ["actor"]);
  const near = beside ? levels(names, beside).map((one) => ({ ...one, boost: 5 })) : [];
  return [
    ...near,
    ...named(names, kinds),
    ...FUNCTIONS.map(([label, template]) => snippetCompletion(template, { label, type: "function", boost: -1 })),
    ...WORDS.map((label) => ({ label, type: "keyword", boost: -2 })),
  ];
}

function values(place: Place, knows: Knowledge): Completion[] {
  const { path } = place;
  const names = knows.names;
  const key = path.filter((one) => one !== "*").pop() ?? "";
  const parent = path[path.length - 2] ?? "";
  const schemas = knows.schema ? schemasAt(knows.schema, path) : [];
  const words = [...new Set(schemas.flatMap((one) => one.enum ?? []).map(String))].map((label) => ({ label, type: "enum" }));
  if (words.length) return words;
  if (PROSE.has(key)) return [];
  if (VALUES[key]) return named(names, VALUES[key]);
  if (key === "takes") return names.filter((one) => one.kind === "option" && one.path.startsWith("moves."))
    .map((one) => ({ ...of(one), label: `${one.path.split(".")[1]}.${one.name}` }));
  if (parent === "expect") return EXPECTED.map((label) => ({ label, type: "enum" }));
  if (key === "reconsiders") return [{ label: "every 2 weeks", type: "text" }];
  if (key === "levels" || path.length === 2 && path[0] === "state") return [{ label: "flag", type: "enum", info: "a yes/no fact, no at the start" }];
  if (key === "start" && path[0] === "state") return levels(names, path[1]!);
  if (path[0] === "observed" || path.includes("imposed")) {
    if (parent === "state") return levels(names, key);
    if (key === "believed") return [{ label: "source", info: "as its source" }];
    if (key !== "step") return names.some((one) => one.kind === "event" && one.name === key)
      ? ["yes", "no"].map((label) => ({ label })) : options(names, key);
  }
  if (path.includes("set") && path[0] === "whatifs") return [];
  if (parent === "sets") return [...levels(names, key).map((one) => ({ ...one, boost: 5 })), { label: "yes", boost: -1 }, { label: "no", boost: -1 }, ...expression(place, knows)];
  return !knows.schema || takesText(schemas) ? expression(place, knows) : [];
}

/** The source of completions, for `autocompletion({override: […]})`. */
export function completions(knows: Knowledge) {
  return (context: CompletionContext): CompletionResult | null => {
    const place = placeAt(context.state.doc, context.pos);
    if (!place) return null;
    const dotted = place.at === "key" ? place.path[2] === "set" : place.path[place.path.length - 1] === "takes";
    const word = context.matchBefore(dotted ? /[\w.]*/ : /\w*/);
    if (!context.explicit && !word?.text) return null;
    const scalar = place.at === "key" && place.path[place.path.length - 1] === "*" ? values(place, knows) : [];
    const found = place.at === "key" ? [...keys(place, knows), ...scalar] : values(place, knows);
    return found.length ? { from: word?.from ?? context.pos, options: found, validFor: dotted ? /^[\w.]*$/ : /^\w*$/ } : null;
  };
}
