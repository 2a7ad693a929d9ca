// All what-ifs side by side, and the values that would change the answer.

import { useMemo } from "preact/hooks";
import type { PageProps } from ".";
import { Basis, Changed, Lacks, LeftOut, standing, useSettled, withoutMoves, type Rests } from "../parts/Basis";
import { Asked, isEstimate, Panel, useAsk } from "../parts/common";
import { Intervals } from "../parts/charts/Intervals";
import { QuestionChoice } from "../parts/QuestionChoice";
import { capital, plainName, questionText, unbroken, writingOf, type Question } from "../parts/numbers";
import { go, view } from "../url";
import { withPlace, drawsOf, WorldsChoice } from "../parts/WorldsChoice";
import { WhatIfList } from "./whatifs/List";
import { Matrix } from "./whatifs/Matrix";
import { finding, switchedText, type WhatIfsAnswer } from "./whatifs/result";
import { Tipping } from "./whatifs/Tipping";
import "./WhatIfs.css";

const YAML = `whatifs:
  defence_pact:
    says: The treaty gets a defence clause.
    set: {treaties.pact.provisions: [defense]}
  patron_comes: {imposed: [{step: 0, patron: intervene}]}`;

function Chart({ name, answer, names, question, nameOf }: { name: string; answer: WhatIfsAnswer; names: string[]; question: Question; nameOf: (name: string) => string }) {
  const writing = writingOf(question);
  const items = names.map((one) => {
    const gap = answer.what_ifs[one]!.difference[question.name];
    return isEstimate(gap) ? { label: nameOf(one), mean: gap.mean, low: gap.p05, high: gap.p95 } : { label: nameOf(one), mean: gap?.never ?? null, low: null, high: null };
  });
  items.sort((one, other) => Math.abs(other.mean ?? 0) - Math.abs(one.mean ?? 0));
  return (
    <Intervals
      name={`${name} ${question.name} what-ifs`}
      heading={`What becomes of: ${questionText(question)}`}
      says={`How far each what-if moves ${question.form === "first" ? "the probability of never" : "the answer"}, world by world; the largest comes first. Triangles point up where it rises and down where it falls; a hollow one stands where worlds do not agree on the sign.`}
      items={items}
      write={writing.gap}
      unit={writing.gapUnit}
      signed
    />
  );
}

function usePicked(all: string[]): [string[], (names: string[]) => void] {
  const { show } = view.value.more;
  const picked = show === undefined ? all : all.filter((name) => show.split(",").includes(name));
  const pick = (names: string[]) => {
    const { show: _, ...rest } = view.value.more;
    go({ more: names.length === all.length ? rest : { ...rest, show: names.join(",") } }, true);
  };
  return [picked, pick];
}

function Compare(props: PageProps) {
  const { model } = props;
  const changes = withoutMoves(model, useSettled(props.changes));
  const asking = withPlace(useAsk(model.id, changes, "solve", { what_ifs: "all", draws: drawsOf(model) }), model);
  const answer: WhatIfsAnswer | null = asking.state === "answered" ? asking.result : null;
  const all = useMemo(() => model.what_ifs.map((one) => one.name), [model]);
  const [shown, show] = usePicked(all);
  const says = useMemo(() => new Map(model.what_ifs.map((one) => [one.name, one.says])), [model]);
  const nameOf = (name: string) => says.get(name)?.replace(/\.$/, "") || capital(plainName(name));
  const question = model.questions.find((one) => one.name === props.question) ?? model.questions[0]!;
  const base = standing(changes);
  const compared = (found: WhatIfsAnswer) => shown.filter((name) => name in found.what_ifs);
  return (
    <>
      <QuestionChoice questions={model.questions} question={question.name} label="What becomes of">
        <WorldsChoice model={model} />
      </QuestionChoice>
      <Changed changes={changes} />
      <LeftOut model={model} changes={props.changes} where="What it does stands among the what-ifs below." />
      <Panel title={questionText(question)}>
        <div class="waits">
          <Asked asking={asking}>
            {(found: WhatIfsAnswer) => (
              <>
                <p class="main-finding">{unbroken(finding(found, compared(found), question.name, writingOf(question), nameOf, base))}</p>
                {compared(found).length > 0 && <Chart name={model.name} answer={found} names={compared(found)} question={question} nameOf={nameOf} />}
              </>
            )}
          </Asked>
        </div>
      </Panel>
      <WhatIfList model={model} changes={props.changes} answer={answer} shown={shown} show={show} setChanges={props.setChanges} nameOf={nameOf} />
      {answer && compared(answer).length > 0 && <Matrix model={model} answer={answer} names={compared(answer)} nameOf={nameOf} base={base} />}
      {answer && <Basis result={answer as Rests} more={`Differences are taken in the same worlds, one by one. ${switchedText(model.observed)}`.trim()} />}
    </>
  );
}

export default function WhatIfs(props: PageProps) {
  const { model } = props;
  return (
    <>
      {model.what_ifs.length ? <Compare {...props} /> : <Lacks says="This file has no what-ifs: named changes whose effect is told." yaml={YAML} writable={model.writable} />}
      <Tipping {...props} />
    </>
  );
}
