// The claims of a file, judged in many worlds.

import type { PageProps } from ".";
import { Basis, Changed, Lacks, LeftOut, standing, useSettled, withoutMoves } from "../parts/Basis";
import { Asked, useAsk } from "../parts/common";
import { Export } from "../parts/Export";
import { capital, plainName } from "../parts/numbers";
import type { Model } from "../types";
import { Claim } from "./claims/Claim";
import { claimsOf, countText, type ClaimsResult } from "./claims/result";
import "./Claims.css";

const YAML = `claims:
  no_duty:
    says: Bound by a defence clause, the patron would be likelier to come.
    whatif: defence_pact
    expect: {comes: rises}`;

const COLUMNS = [
  "claim", "verdict", "agree", "what_if", "against", "question", "expected", "question_verdict", "question_agree", "mean", "p05", "p95", "left_out",
] as const;

const csv = (result: ClaimsResult) => [[...COLUMNS], ...result.rows.map((row) => COLUMNS.map((name) => row[name]))];

function Judged(props: PageProps & { result: ClaimsResult; judged: PageProps["changes"] }) {
  const { model, result } = props;
  const nameOf = (name: string) => model.what_ifs.find((one) => one.name === name)?.says.replace(/\.$/, "") || plainName(name);
  return (
    <>
      <div class="claims-head">
        <p class="main-finding">{countText(result)}</p>
        <Export name={`${model.name} claims`} rows={() => csv(result)} />
      </div>
      <p class="quiet">A claim holds if the mean is as expected and 90 % of the worlds agree, and fails if neither the mean does nor 10 % of them; the marks on the bars are these two.</p>
      {claimsOf(result).map((rows) => {
        const named = model.claims.find((one) => one.name === rows[0]!.claim);
        return (
          <Claim
            key={rows[0]!.claim} model={model} rows={rows} nameOf={nameOf} changes={props.changes} base={standing(props.judged)} setChanges={props.setChanges}
            says={named?.says || capital(plainName(rows[0]!.claim))} line={named?.line ?? 0}
          />
        );
      })}
      <Basis result={result} />
    </>
  );
}

function Asking(props: PageProps & { model: Model }) {
  const settled = useSettled(props.changes);
  const judged = withoutMoves(props.model, settled);
  const asking = useAsk(props.model.id, judged, "claims", { draws: props.model.typed ? 16 : undefined });
  return (
    <>
      <Changed changes={judged} />
      <LeftOut model={props.model} changes={settled} where="Claims say themselves which what-ifs they are about." />
      <div class="waits"><Asked asking={asking}>{(result: ClaimsResult) => <Judged {...props} judged={judged} result={result} />}</Asked></div>
    </>
  );
}

export default function Claims(props: PageProps) {
  const { model } = props;
  if (model.claims.length) return <Asking {...props} />;
  return <Lacks says="This file makes no claims: sentences about the crisis that are judged in every world." yaml={YAML} writable={model.writable} />;
}
