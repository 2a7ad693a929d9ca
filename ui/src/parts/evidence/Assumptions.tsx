// The page of assumptions: how much each number matters to an answer, and how little it rests on.

import { useEffect, useState } from "preact/hooks";
import type { Changes, Model } from "../../types";
import { RELIABILITY } from "../admiralty";
import { go } from "../../url";
import { Asked, useAsk } from "../common";
import { percent, questionText } from "../numbers";
import { SortTable, type Column } from "../SortTable";
import { NumberCell, ValueCell } from "./cells";
import { RULE, assumptions, type Assumption, type DriversResult } from "./matter";

/** What was asked in this session, so that coming back costs nothing. */
const asked = new Map<string, DriversResult>();

export function restsOn(letter: string | null): string {
  if (letter === null) return "the author only";
  return letter === "-" ? "a source, no letter" : `${letter}, ${RELIABILITY[letter]}`;
}

function ShareCell({ row }: { row: Assumption }) {
  const { share } = row;
  if (!share) return <span class="quiet">fixed</span>;
  if (share.rest)
    return <span title={`with ${share.with.length} others`}>{share.with.length + 1} numbers together: {percent(share.total)}</span>;
  return (
    <>
      {percent(share.total)} <span class="quiet">({percent(share.low)} to {percent(share.high)})</span>
      {share.with.length > 0 && <div class="quiet">together with {share.with.join(", ")}</div>}
    </>
  );
}

function columns(model: Model): Column<Assumption>[] {
  return [
    { title: "Number", cell: (row) => <NumberCell number={row.number} model={model} />, by: (row) => row.number.path },
    { title: "Value", cell: (row) => <ValueCell number={row.number} /> },
    { title: "Share of the doubt", cell: (row) => <ShareCell row={row} />, by: (row) => (row.share ? row.share.total : -1), largestFirst: true, end: true },
    { title: "Rests on", cell: (row) => restsOn(row.letter), by: (row) => row.weight, largestFirst: true },
    { title: "Both", cell: (row) => (row.share ? percent(row.score) : <span class="quiet">none</span>), by: (row) => row.score, largestFirst: true, end: true },
  ];
}

function Answered({ model, result, says }: { model: Model; result: DriversResult; says: string }) {
  const rows = assumptions(model, result);
  const first = rows[0];
  return (
    <>
      {first?.share && (
        <p class="finding">
          Look into <strong>{first.number.path.replace(/^quantities\./, "")}</strong> first: it has a hand in {percent(first.share.total)} of the doubt about “{says}” and rests on {restsOn(first.letter)}.
        </p>
      )}
      <p class="quiet">
        {RULE} The share of the doubt is the part of the variance of the {result.scale === "rank" ? "answer's rank" : "answer"} in which the number has a hand, by itself or together with others (its total Sobol index), so shares can add up to more than 100 %; the range in brackets holds it 9 times in 10. A fixed number has no share.
      </p>
      <SortTable caption={`${rows.length} numbers of the file`} columns={columns(model)} rows={rows} id={(row) => `${row.number.path} ${row.number.line}`} first={4} />
    </>
  );
}

function Asks(props: { model: Model; changes: Changes; question: string; onAnswer: (result: DriversResult) => void }) {
  const asking = useAsk(props.model.id, props.changes, "drivers", { question: props.question });
  const result = asking.state === "answered" ? asking.result : null;
  useEffect(() => void (result && props.onAnswer(result)), [result]);
  return <Asked asking={asking}>{() => null}</Asked>;
}

export function Assumptions(props: { model: Model; changes: Changes; question: string }) {
  const { model, changes, question } = props;
  const key = JSON.stringify([model.id, model.sha256, changes, question]);
  const [wanted, setWanted] = useState<string | null>(null);
  const [, setRound] = useState(0);
  const result = asked.get(key);
  const asks = model.questions.find((one) => one.name === question);
  const says = asks ? questionText(asks) : question;
  const picks = (
    <p>
      <label>
        Question{" "}
        <select value={question} onChange={(event) => go({ question: event.currentTarget.value }, true)}>
          {model.questions.map((one) => <option value={one.name}>{questionText(one)}</option>)}
        </select>
      </label>
    </p>
  );
  if (result) return <>{picks}<Answered model={model} result={result} says={says} /></>;
  return (
    <>
      {picks}
      <p>Which numbers move this answer, and rest on little? To find out, the case is solved some thousands of times; it may take a minute or more.</p>
      {wanted === key
        ? <Asks model={model} changes={changes} question={question} onAnswer={(found) => (asked.set(key, found), setRound((round) => round + 1))} />
        : <button type="button" class="primary" onClick={() => setWanted(key)}>Find out</button>}
    </>
  );
}
