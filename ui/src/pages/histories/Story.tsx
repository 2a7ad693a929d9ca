// One history as a story: what happened when, how likely that was, what it changed; and how it ended.

import { Panel } from "../../parts/common";
import { capital, percent, plainName, questionText } from "../../parts/numbers";
import type { Model } from "../../types";
import { answerText, dateText, endingText, likelyText, quietText, tell, whatText, type Happening, type HistoriesResult, type History } from "./result";

function Event({ row, history }: { row: Happening; history: History }) {
  const type = row.actor ? history.types?.[row.actor] : undefined;
  return (
    <li class={row.kind}>
      <span class="happens">{capital(whatText(row))}</span>{" "}
      <span class="chance" title={row.imposed ? "A what-if imposes it" : row.kind === "move" ? "How likely the actor was to choose it, once it chose at all" : "How likely it was in that step"}>{likelyText(row)}</span>
      {row.changes && <span class="becomes">{plainName(row.changes)}</span>}
      {type && typeof row.believed === "number" && <span class="becomes">held for {plainName(type)} now: {percent(row.believed)}</span>}
    </li>
  );
}

function titleOf(result: HistoriesResult, history: History): string {
  if (result.most_likely) return "The most likely history";
  const who = Object.entries(history.types ?? {}).map(([actor, type]) => `${plainName(actor)} is ${plainName(type)}`);
  return `History ${history.history}, in world ${history.world}${who.length ? `, where ${who.join(" and ")}` : ""}`;
}

export function Story({ model, result, history }: { model: Model; result: HistoriesResult; history: History }) {
  const told = tell(result, history.history, model.clock.steps);
  return (
    <Panel title={titleOf(result, history)}>
      <ol class="story">
        {told.map((part) =>
          "quiet" in part ? (
            <li class="pause"><span class="when">step {part.step}</span><span>{quietText(part.quiet, model.clock.unit)}</span></li>
          ) : (
            <li>
              <span class="when">{part.date ? <time dateTime={part.date}>{dateText(part.date)}</time> : null}<span>step {part.step}</span></span>
              <ul>{part.news.map((row) => <Event row={row} history={history} />)}</ul>
            </li>
          ),
        )}
      </ol>
      {endingText(result, history, model).map((text) => <p class="ending">{text}</p>)}
      <details class="tell-more">
        <summary>The answers in this history</summary>
        <ul>
          {model.questions.filter((one) => one.name in history.answers).map((one) => (
            <li>{questionText(one)} <strong>{answerText(history.answers[one.name] ?? null, one)}</strong></li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}
