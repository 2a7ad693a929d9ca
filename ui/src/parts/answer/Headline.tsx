// The question that is looked at and its answer, first of all.

import type { Answer, Model } from "../../types";
import { link } from "../../url";
import { isEstimate } from "../common";
import { type Question, percent, plainName, questionText, withUnit, writingOf } from "../numbers";
import { bandText, differs, sure, wordFor } from "../words";

interface HeadlineProps {
  model: Model;
  question: Question;
  now: Answer;
  before: Answer | null;
  /** Whether only a few worlds say how far the answer has moved. */
  rough: boolean;
  /** Whether something is changed, and the saved file's answer is not known yet. */
  waits: boolean;
}

/** What the answer is compared with. The line is there from the start, so that nothing moves when it is filled. */
function Compared({ question, now, before, rough, waits }: HeadlineProps) {
  const writing = writingOf(question);
  const old = before?.questions[question.name];
  const found = differs(now.questions[question.name], old, writing);
  if (waits) return <p class="headline-change quiet">The saved file's answer, to compare with, is being worked out.</p>;
  if (!found || !isEstimate(old)) return <p class="headline-change" />;
  const was = withUnit(writing.value(old.mean), writing.unit);
  return (
    <p class="headline-change" data-sign={found.sign}>
      <span aria-hidden="true">{found.sign}</span> {rough && found.sign !== "=" ? "about " : ""}{found.words}
      {found.sign === "=" ? " from the saved file" : ` than in the saved file (${was}${writing.share ? `, ${wordFor(old.mean)}` : ""})`}
    </p>
  );
}

/** The answer to each private type of an actor, where there are any. */
function ByType({ question, now }: HeadlineProps) {
  const reply = now.questions[question.name];
  if (!isEstimate(reply) || !reply.by_type) return null;
  const writing = writingOf(question);
  return (
    <dl class="by-type" aria-label="The answer if an actor is of this type">
      {Object.entries(reply.by_type).map(([key, mean]) => (
        <div key={key}>
          <dt>if {key.split(".").map(plainName).join(" is ")}</dt>
          <dd>{withUnit(writing.value(mean), writing.unit)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Number({ question, now }: HeadlineProps) {
  const reply = now.questions[question.name];
  if (!isEstimate(reply))
    return <p class="headline-number">{reply && reply.never !== null ? <>{percent(reply.never)} <span class="word">never; the chart below says when</span></> : "no answer: what is given never holds"}</p>;
  const writing = writingOf(question);
  return (
    <>
      <p class="headline-number">
        <strong>{withUnit(writing.value(reply.mean), writing.unit)}</strong>
        {writing.share && <span class="word">{wordFor(reply.mean)}</span>}
      </p>
      <p class="headline-band">
        {reply.mean === null ? "What is given never holds." : sure(reply) ? "The same in every world: the file is sure of all its numbers." : `${bandText(reply, writing)} in 90 % of the worlds`}
      </p>
    </>
  );
}

export function Headline(props: HeadlineProps) {
  const { question } = props;
  return (
    <section class="panel headline" aria-label="The answer">
      <h2>{questionText(question)}</h2>
      <Number {...props} />
      <Compared {...props} />
      <ByType {...props} />
      <p class="headline-links">
        <a href={link({ page: "why", question: question.name, more: {} })}>Why this answer</a>
        <a href={link({ page: "drivers", question: question.name, more: {} })}>What drives it</a>
        <a href={link({ page: "evidence", more: {} })}>What it rests on</a>
      </p>
    </section>
  );
}
