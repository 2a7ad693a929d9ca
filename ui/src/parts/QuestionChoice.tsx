// Which question is looked at; it stands in the address.

import type { ComponentChildren } from "preact";
import type { Model } from "../types";
import { go } from "../url";
import { questionText } from "./numbers";

export function QuestionChoice(props: { questions: Model["questions"]; question: string; label: string; children?: ComponentChildren }) {
  return (
    <div class="choices">
      <label>
        {props.label}
        <select value={props.question} onChange={(event) => go({ question: event.currentTarget.value })}>
          {props.questions.map((one) => <option value={one.name}>{questionText(one)}</option>)}
        </select>
      </label>
      {props.children}
    </div>
  );
}
