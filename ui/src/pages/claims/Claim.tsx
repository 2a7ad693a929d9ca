// One claim: the verdict, the share of worlds, what was measured, what would overturn it.

import { Panel } from "../../parts/common";
import { capital, percent, plainName, points, questionText, withUnit } from "../../parts/numbers";
import type { Changes, Model } from "../../types";
import { link } from "../../url";
import { apartText, expectedText, isLevel, measured, medianText, notes, type ClaimRow, type Verdict } from "./result";

const SIGN: Record<Verdict, string> = { holds: "✓", fails: "✗", undecided: "?" };

function Badge({ verdict }: { verdict: Verdict }) {
  return <span class={`verdict ${verdict}`}><span aria-hidden="true">{SIGN[verdict]}</span> {verdict}</span>;
}

/** The share of worlds in which it is met, with the two lines that make it hold or fail. */
function Share({ share }: { share: number | null }) {
  const met = share === null ? "no answer" : percent(share);
  return (
    <div class="claim-share">
      <div class="claim-bar" role="img" aria-label={`met in ${met} of worlds`}>
        <i style={{ width: `${100 * (share ?? 0)}%` }} />
        <b style={{ left: "10%" }} /><b style={{ left: "90%" }} />
      </div>
      <span>met in {met} of worlds</span>
    </div>
  );
}

interface ClaimProps {
  model: Model;
  rows: ClaimRow[];
  says: string;
  line: number;
  nameOf: (whatIf: string) => string;
  changes: Changes;
  /** What claims without an `against` are held against. */
  base: string;
  setChanges: (changes: Changes, settle: boolean) => void;
}

function Premises({ model, row, changes, setChanges }: ClaimProps & { row: ClaimRow }) {
  return (
    <ul class="premises">
      {row.premises.map((premise) => {
        const path = model.quantities.find((one) => one.name === premise.quantity)?.path;
        const value = String(Number(premise.value.toPrecision(6)));
        return (
          <li key={`${premise.quantity}${premise.end}`}>
            {plainName(premise.quantity)} as {premise.end} as {withUnit(points(premise.value), premise.unit)}{" "}
            {path && <button type="button" class="page-act" onClick={() => setChanges({ ...changes, set: { ...changes.set, [path]: value } }, true)}>Try it</button>}
          </li>
        );
      })}
    </ul>
  );
}

export function Claim(props: ClaimProps) {
  const { model, rows, nameOf } = props;
  const row = rows[0]!;
  const left = Math.max(...rows.map((one) => one.left_out));
  const apart = apartText(row);
  const level = rows.every(isLevel);
  return (
    <Panel title={props.says} actions={<Badge verdict={row.verdict} />}>
      <p class="quiet">
        {row.what_if ? `Compared: “${nameOf(row.what_if)}” against ${row.against ? `“${nameOf(row.against)}”` : `the answer ${props.base}`}.` : `Of the answer ${props.base}.`}{" "}
        {props.line > 0 && <a href={link({ page: "edit", more: { line: String(props.line) } })}>Line {props.line} of the file</a>}
      </p>
      <Share share={row.agree} />
      <div class="chart-scrolls" tabIndex={0} role="region" aria-label={`What was measured for: ${props.says}`}>
        <table class="chart-numbers stacks">
          <thead>
            <tr><th scope="col">question</th><th scope="col">expected</th><th scope="col">{level ? "answer" : "change"}</th><th scope="col">middle 90 % of worlds</th><th scope="col">met in</th><th scope="col" /></tr>
          </thead>
          <tbody>
            {rows.map((one) => {
              const question = model.questions.find((each) => each.name === one.question);
              const { mean, band } = measured(one, question);
              return (
                <tr key={one.question}>
                  <th scope="row">{question ? questionText(question) : capital(plainName(one.question))}</th>
                  <td data-label="expected">{expectedText(one, question)}</td>
                  <td data-label={level ? "answer" : "change"}>{mean}</td>
                  <td data-label="middle 90 % of worlds">{band}</td>
                  <td data-label="met in" class="number">{percent(one.question_agree)}</td>
                  <td>{rows.length > 1 && <Badge verdict={one.question_verdict} />}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="claim-note">{medianText(row)}</p>
      {row.premises.length > 0 && <Premises {...props} row={row} />}
      {apart && <p class="claim-note">{apart}</p>}
      {notes(row, nameOf).map((text) => <p class="claim-note">{text}</p>)}
      {left > 0 && <p class="claim-note">In {left.toLocaleString("en")} worlds what is given never holds; they are left out.</p>}
    </Panel>
  );
}
