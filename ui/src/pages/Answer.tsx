// The answer: the headline, all questions on one axis, what happens through time, first moves, points.

import { useRef } from "preact/hooks";
import { axisFor, SHARES, type Axis } from "../parts/answer/axis";
import { BandTable, type BandRow } from "../parts/answer/BandTable";
import { Headline } from "../parts/answer/Headline";
import { ThroughTime } from "../parts/answer/ThroughTime";
import { WhenChart } from "../parts/answer/WhenChart";
import { Basis, type Rests } from "../parts/Basis";
import { isEmpty } from "../parts/changes";
import { isEstimate, Panel } from "../parts/common";
import { capital, plainName, questionText, writingOf } from "../parts/numbers";
import { hasNumber, POINTS, wordFor } from "../parts/words";
import type { Answer as Answered, Estimate, FirstTime, Model } from "../types";
import { link } from "../url";
import type { PageProps } from ".";
import "./Answer.css";

const estimate = (reply: unknown) => (isEstimate(reply as Estimate) ? (reply as Estimate) : undefined);

interface Parts {
  model: Model;
  now: Answered;
  before: Answered | null;
  compared: boolean;
}

/** An axis that does not shrink under the hand: it grows only, until another case is opened. */
function useAxis(replies: (Estimate | undefined)[], writing: Axis["writing"]): Axis {
  const seen = useRef<Estimate[]>([]);
  seen.current = extremes([...seen.current, ...replies]);
  return axisFor(seen.current, writing);
}

function extremes(replies: (Estimate | undefined)[]): Estimate[] {
  const found = replies.filter((one): one is Estimate => !!one && one.p05 !== null && one.p95 !== null);
  if (!found.length) return [];
  const p05 = Math.min(...found.map((one) => one.p05!));
  const p95 = Math.max(...found.map((one) => one.p95!));
  return [{ mean: p05, p05, p50: p05, p95 }];
}

function Questions({ model, now, before, compared, question }: Parts & { question: string }) {
  const rowOf = (one: Model["questions"][number]): BandRow => {
    const mine = estimate(now.questions[one.name]);
    return {
      key: one.name,
      name: questionText(one),
      label: (
        <a href={link({ question: one.name, more: {} })} aria-current={one.name === question ? "true" : undefined} title={one.says && one.name}>
          {questionText(one)}
        </a>
      ),
      now: mine,
      before: estimate(before?.questions[one.name]),
      word: writingOf(one).share ? wordFor(mine?.mean) : undefined,
      chosen: one.name === question,
      why: link({ page: "why", question: one.name, more: {} }),
    };
  };
  const shares = model.questions.filter((one) => hasNumber(one) && writingOf(one).share);
  const amounts = model.questions.filter((one) => !writingOf(one).share);
  const units = [...new Set(amounts.map((one) => one.unit))];
  return (
    <Panel title="All questions">
      {shares.length > 0 && (
        <BandTable title={`${model.title} (how likely)`} name={`${model.name} questions`} heading="How likely" of="question" axis={SHARES} rows={shares.map(rowOf)} compared={compared} />
      )}
      {units.map((unit) => (
        <Amounts key={unit} unit={unit} model={model} rows={amounts.filter((one) => one.unit === unit).map(rowOf)} compared={compared} />
      ))}
    </Panel>
  );
}

function Amounts({ unit, model, rows, compared }: { unit: string; model: Model; rows: BandRow[]; compared: boolean }) {
  const axis = useAxis(rows.flatMap((row) => [row.now, row.before]), writingOf({ form: "expected", unit }));
  return <BandTable title={`${model.title} (${unit || "amounts"})`} name={`${model.name} ${unit || "amounts"}`} heading={unit ? `In ${unit}` : "Amounts"} of="question" axis={axis} rows={rows} compared={compared} />;
}

function When({ model, now, before, compared }: Parts) {
  const asked = model.questions.filter((one) => one.form === "first" && now.questions[one.name]);
  if (!asked.length) return null;
  return (
    <Panel title="When">
      <div class="time-charts">
        {asked.map((one) => (
          <WhenChart key={one.name} question={one} model={model} now={now.questions[one.name] as FirstTime} before={compared ? (before?.questions[one.name] as FirstTime | undefined) : undefined} />
        ))}
      </div>
    </Panel>
  );
}

function FirstMoves({ model, now, before, compared }: Parts) {
  const turns = model.actors.flatMap((actor) => actor.turns.map((turn) => ({ actor, turn })));
  const words = (turn: string, option: string) => {
    const found = turns.find((one) => one.turn.name === turn)?.turn.options.find((one) => one.name === option);
    return found?.says || plainName(option);
  };
  return (
    <Panel title="First moves">
      <p class="quiet">What each actor does when it first has the choice. What is missing to 100 %: it is never asked, or lets it pass.</p>
      {Object.entries(now.first_moves).map(([turn, options]) => {
        const actor = turns.find((one) => one.turn.name === turn)?.actor.name ?? turn;
        const rows = Object.entries(options).map(([option, reply]) => ({
          key: option, name: words(turn, option), now: reply, before: before?.first_moves[turn]?.[option],
          label: <a href={link({ page: "why", more: { actor } })}>{words(turn, option)}</a>,
        }));
        return <BandTable key={turn} title={`First move: ${plainName(turn)}`} name={`${model.name} first move ${turn}`} heading={capital(plainName(turn))} of="option" axis={SHARES} rows={rows} compared={compared} />;
      })}
    </Panel>
  );
}

function Values({ model, now, before, compared }: Parts) {
  const names = Object.keys(now.values);
  const axis = useAxis(names.flatMap((name) => [now.values[name], before?.values[name]]), POINTS);
  const rows = names.map((name) => ({
    key: name, name: capital(plainName(name)), now: now.values[name], before: before?.values[name],
    label: <a href={link({ page: "why", more: { actor: name } })}>{capital(plainName(name))}</a>,
  }));
  return (
    <Panel title="Value of the crisis, in points">
      <p class="quiet">What each actor can expect from the whole crisis, in its own points. Compare within an actor, not between them.</p>
      <BandTable title={`${model.title} (value in points)`} name={`${model.name} values`} heading="" of="actor" axis={axis} rows={rows} compared={compared} />
    </Panel>
  );
}

function Play(parts: Parts) {
  return (
    <>
      <Panel title="Through time">
        <ThroughTime model={parts.model} now={parts.now} before={parts.before} />
      </Panel>
      {Object.keys(parts.now.first_moves).length > 0 && <FirstMoves {...parts} />}
      <Values {...parts} />
    </>
  );
}

/** Where a what-if imposes moves the package tells the answers to the questions, and no more. */
function OfCourse() {
  return (
    <Panel title="Through time, first moves and values">
      <p class="quiet">These are not told while a what-if is switched on that imposes moves: only the answers to the questions are known then.</p>
    </Panel>
  );
}

export default function Answer({ model, question, now, saved, changes }: PageProps) {
  if (!now) return null;
  const answer = now.answer;
  const compared = saved !== null && answer !== saved && (!isEmpty(changes) || now.rough);
  const parts: Parts = { model, now: answer, before: compared ? saved : null, compared };
  const headline = model.questions.find((one) => one.name === question);
  return (
    <div class="answer" data-rough={now.rough}>
      {headline && <Headline {...parts} question={headline} rough={now.rough} waits={!saved && !isEmpty(changes)} />}
      <Questions {...parts} question={question} />
      <When {...parts} />
      {Object.keys(answer.values).length > 0 ? <Play {...parts} /> : <OfCourse />}
      <Panel title="What the answer rests on" id="rests-on">
        <Basis result={answer as Rests} />
      </Panel>
    </div>
  );
}
