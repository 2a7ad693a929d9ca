// What moves an answer: shares of its variance with their intervals, then each quantity in words.

import type { PageProps } from ".";
import { Basis, Changed, Lacks, useSettled } from "../parts/Basis";
import { Asked, Panel, useAsk } from "../parts/common";
import { Shares } from "../parts/charts/Shares";
import { QuestionChoice } from "../parts/QuestionChoice";
import { unbroken, withUnit, writingOf, questionText } from "../parts/numbers";
import type { Model } from "../types";
import { DriverList } from "./drivers/List";
import { conclusion, restText, sharesOf, unevenText, type DriversResult } from "./drivers/result";
import "./Drivers.css";

const YAML = `quantities:
  stake: 5 to 20        # the middle 90 %, instead of one number
  p_truce: 10% to 30%`;

function Answered({ model, result }: { model: Model; result: DriversResult }) {
  const question = model.questions.find((one) => one.name === result.question);
  const writing = writingOf(question);
  const [mean, low, high] = [result.mean, result.p05, result.p95].map((value) => withUnit(writing.value(value), writing.unit));
  return (
    <>
      <Panel title={question ? questionText(question) : result.question}>
        <p class="main-finding">{unbroken(conclusion(result))}</p>
        <p>The answer is {mean} on average, and {low} to {high} in the middle 90 % of worlds.</p>
        {result.scale === "rank" && <p>{unevenText(result.outer_share)}</p>}
        <Shares
          name={`${model.name} ${result.question} drivers`}
          heading={`What moves the answer: ${question ? questionText(question) : result.question}`}
          says="How much of the answer's variance hangs on each quantity: what would still be unknown if everything else were known. What several do jointly counts for each of them, so these may add up to more than 100 %. Pale bars: in all; dark bars: by itself; lines: the 90 % interval of the whole."
          rows={sharesOf(result)}
          of={result.scale === "rank" ? "of the variance of the answer's rank" : "of the variance of the answer"}
        />
        {result.rest.length > 0 && <p class="quiet">{restText(result)}</p>}
      </Panel>
      <DriverList model={model} result={result} writing={writing} />
      <Basis
        result={{ ...result, draws: undefined }}
        more={`Rests on ${result.budget.solves.toLocaleString("en")} solves (two samples of ${result.budget.base.toLocaleString("en")} worlds, seed ${result.seed}).${result.left_out ? ` ${result.left_out.toLocaleString("en")} of them have no answer, since what is given never holds; they are left out.` : ""}`}
      />
    </>
  );
}

export default function Drivers({ model, changes, question }: PageProps) {
  const settled = useSettled(changes);
  const askable = model.questions.filter((one) => one.form !== "first");
  if (!model.quantities.some((one) => one.uncertain))
    return <Lacks says="No number in this file is uncertain, so nothing moves an answer. A range in the place of a number makes it so." yaml={YAML} writable={model.writable} />;
  if (!askable.length) return <Lacks says="No question of this file has one number for an answer, so there is nothing to trace back." yaml={"questions:\n  falls: {at_end: client_fallen}"} writable={model.writable} />;
  const chosen = askable.find((one) => one.name === question) ?? askable[0]!;
  return <Asking model={model} changes={settled} question={chosen.name} questions={askable} />;
}

/** Private types take about ten times as long, so fewer worlds are solved, and fewer quantities looked at one by one. */
const TYPED = { draws: 32, keep: 8 };

function Asking(props: { model: Model; changes: PageProps["changes"]; question: string; questions: Model["questions"] }) {
  const { model, changes, question } = props;
  const asking = useAsk(model.id, changes, "drivers", { question, ...(model.typed ? TYPED : {}) });
  return (
    <>
      <QuestionChoice questions={props.questions} question={question} label="What moves the answer to" />
      <Changed changes={changes} />
      {asking.state === "asking" && <p class="quiet">The case is solved in thousands of worlds for this; it may take {model.typed ? "several minutes, since actors have private types" : "a minute"}.</p>}
      <div class="waits"><Asked asking={asking}>{(result: DriversResult) => <Answered model={model} result={result} />}</Asked></div>
    </>
  );
}
