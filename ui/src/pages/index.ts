// The pages of a case, each loaded when it is first opened.

import type { FunctionComponent } from "preact";
import type { Page } from "../url";
import type { Answer, Changes, Model } from "../types";
import type { Turned } from "../live";

/** What every page of a case is given. */
export interface PageProps {
  model: Model;
  /** The settled changes; while a hand turns a number only `now` and `saved` follow it. */
  changes: Changes;
  /** The question that is looked at: one of the model's. */
  question: string;
  /** The newest answer under the changes; null until there is one. */
  now: Turned | null;
  /** The settled answer of the saved file; null until there is one. */
  saved: Answer | null;
  setChanges: (changes: Changes, settle: boolean) => void;
  /** To be called after the file was saved. */
  reload: () => void;
}

type Loads = () => Promise<{ default: FunctionComponent<PageProps> }>;

export const PAGE_OF: Record<Page, { title: string; load: Loads }> = {
  answer: { title: "Answer", load: () => import("./Answer") },
  why: { title: "Why", load: () => import("./Why") },
  drivers: { title: "Drivers", load: () => import("./Drivers") },
  "what-ifs": { title: "What if", load: () => import("./WhatIfs") },
  claims: { title: "Claims", load: () => import("./Claims") },
  exposure: { title: "Exposure", load: () => import("./Exposure") },
  histories: { title: "Histories", load: () => import("./Histories") },
  ties: { title: "Ties", load: () => import("./Ties") },
  evidence: { title: "Evidence", load: () => import("./Evidence") },
  news: { title: "News", load: () => import("./News") },
  edit: { title: "Edit", load: () => import("./Edit") },
};
