// What travels between server and page.

export interface Diagnostic {
  code: string;
  severity: "error" | "warning";
  message: string;
  help: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  context: string;
}

export interface CaseEntry {
  id: string;
  path: string;
  title: string;
  question: string;
  state: "ok" | "warnings" | "errors" | "checking";
  errors: number;
  warnings: number;
  modified: string | null;
  typed: boolean;
  draws: number;
  /** Of the file's bytes: what a kept answer belongs to. */
  sha256?: string;
  /** Of the first question, if it asks for an amount. */
  unit?: string;
}

export interface Because {
  source: string | null;
  title: string | null;
  where: string | null;
  says: string | null;
  quote: string | null;
  reliability: string | null;
  credibility: string | null;
  reason: string | null;
}

export interface Quantity {
  name: string;
  path: string;
  text: string;
  says: string;
  unit: string;
  family: string;
  uncertain: boolean;
  formula: boolean;
  p05: number;
  p50: number;
  p95: number;
  low: number;
  high: number;
  line: number;
  because: Because[];
}

export interface Clause {
  path: string;
  label: string;
  options: string[];
  current: string;
}

export interface Treaty {
  name: string;
  path: string;
  says: string;
  parties: string[];
  clauses: Clause[];
  line: number;
  because: Because[];
}

export interface Numbered {
  path: string;
  text: string;
  line: number;
  says: string;
  unit: string;
  because: Because[];
  rests_on_author: boolean;
}

export interface Named {
  name: string;
  path?: string;
  says: string;
  line: number;
}

export interface WhatIf extends Named {
  changes: { path: string; text: string }[];
  imposed: string[];
}

export interface Model {
  id: string;
  name: string;
  title: string;
  says: string;
  sha256: string;
  writable: boolean;
  typed: boolean;
  clock: { unit: string; steps: number; start?: string | null };
  draws: number;
  /** In a notebook: in how many worlds the answer was solved that is shown; null if at the median of every quantity. */
  worlds?: number | null;
  questions: (Named & { path: string; form: string; unit: string })[];
  actors: (Named & {
    types: Record<string, string> | null;
    turns: { name: string; options: { name: string; says: string; line: number }[] }[];
  })[];
  quantities: Quantity[];
  what_ifs: WhatIf[];
  treaties: Treaty[];
  exposures: (Named & { holder: string; unit: string; because: Because[] })[];
  variables: (Named & { levels: string[] })[];
  events: Named[];
  claims: Named[];
  decisions: Named[];
  observed: number;
  sources: { name: string; title: string; url?: string | null; date?: string | null; reliability: string | null; line: number }[];
  numbers: Numbered[];
  ties: {
    nodes: { name: string; kind: "actor" | "other" }[];
    edges: { from: string; to: string; kind: "treaty" | "exposure" | "interest"; name: string; says: string; path: string }[];
  };
}

export interface Estimate {
  mean: number | null;
  p05: number | null;
  p50: number | null;
  p95: number | null;
  by_type?: Record<string, number | null>;
}

export interface FirstTime {
  by_step: (number | null)[];
  never: number | null;
}

export type Reply = Estimate | FirstTime;

export interface Answer {
  foederis: string;
  case: string;
  file_sha256: string;
  draws: number;
  seed: number;
  questions: Record<string, Reply>;
  words?: Record<string, string>;
  values: Record<string, Estimate>;
  first_moves: Record<string, Record<string, Estimate>>;
  through_time: Record<string, Record<string, (number | null)[]>>;
  what_ifs: Record<string, { questions: Record<string, Reply>; difference: Record<string, Reply> }>;
  check: { residual: number; regret: number };
}

/** What is changed against the saved file: paths with YAML texts, and what-ifs that are switched on. */
export interface Changes {
  set: Record<string, string>;
  on: string[];
}

export const NO_CHANGES: Changes = { set: {}, on: [] };

/** A line of a difference; `@` stands between places far apart and says where the text goes on. */
export type DiffLine = { kind: " " | "+" | "-" | "@"; text: string };
