// Questions by what-ifs: under each what-if the answer, how far it is from that of the file, and the band of that.

import { Export } from "../../parts/Export";
import { isEstimate, Panel } from "../../parts/common";
import { questionText, withUnit, writingOf, type Question } from "../../parts/numbers";
import type { Model } from "../../types";
import { bandOf, gapText, numberOf, standsOut, type Compared, type WhatIfsAnswer } from "./result";

function Cell({ compared, question }: { compared: Compared; question: Question }) {
  const writing = writingOf(question);
  const gap = compared.difference[question.name];
  const mean = numberOf(gap);
  const otherwise = compared.asked_differently?.includes(question.name);
  const answer = numberOf(compared.questions[question.name]);
  const size = gapText(mean, answer, writing);
  const sign = /^[+−]/.test(size) ? (mean! > 0 ? "▲ " : "▼ ") : "";
  return (
    <td class={standsOut(gap) ? "stands" : undefined}>
      <span>{writing.value(answer)}</span>
      <span class="gap">{sign}{size}</span>
      <span class="band-text">{bandOf(gap, answer, writing)}</span>
      {otherwise && <span class="band-text">asked in other words</span>}
    </td>
  );
}

function rowsOf(model: Model, answer: WhatIfsAnswer, names: string[], base: string) {
  const head = ["question", "unit", "what if", "answer", "difference", "difference, 5 %", "difference, 95 %"];
  const rows = model.questions.flatMap((question) => {
    const unit = writingOf(question).share ? "probability" : writingOf(question).unit;
    const own = [question.name, unit, base, numberOf(answer.questions[question.name]), null, null, null];
    const others = names.map((name) => {
      const gap = answer.what_ifs[name]!.difference[question.name];
      const ends = isEstimate(gap) ? [gap.p05, gap.p95] : [null, null];
      return [question.name, unit, name, numberOf(answer.what_ifs[name]!.questions[question.name]), numberOf(gap), ...ends];
    });
    return [own, ...others];
  });
  return [head, ...rows];
}

export function Matrix(props: { model: Model; answer: WhatIfsAnswer; names: string[]; nameOf: (name: string) => string; base: string }) {
  const { model, answer, names, nameOf, base } = props;
  return (
    <Panel title="All questions, side by side" actions={<Export name={`${model.name} what-ifs`} rows={() => rowsOf(model, answer, names, base)} />}>
      <p class="chart-caption">
        Under each what-if: the answer, how far it lies from the first column in the same worlds (probabilities in percentage points), and the middle 90 % of these
        differences. Bold where 90 % of worlds agree on the sign. Of a question that asks when, the probability of never.
      </p>
      <div class="chart-scrolls" tabIndex={0} role="region" aria-label="Questions by what-ifs">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">question</th>
              <th scope="col">{base}</th>
              {names.map((name) => <th scope="col">{nameOf(name)}</th>)}
            </tr>
          </thead>
          <tbody>
            {model.questions.map((question) => {
              const writing = writingOf(question);
              return (
                <tr key={question.name}>
                  <th scope="row">{questionText(question)}</th>
                  <td>{withUnit(writing.value(numberOf(answer.questions[question.name])), writing.unit)}</td>
                  {names.map((name) => <Cell key={name} compared={answer.what_ifs[name]!} question={question} />)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
