// Who is tied to whom, and who moves when.

import type { PageProps } from ".";
import { Changed, Lacks } from "../parts/Basis";
import { Panel } from "../parts/common";
import { Graph } from "./ties/Graph";
import { Ladder } from "./ties/Ladder";
import "./Ties.css";

const YAML = `treaties:
  pact:
    parties: [patron, client]
    provisions: [consultation]
    invokes: defense
    triggered: fighting
    honoured_by: {patron: help >= arms}
    breach_cost: {patron: 2}`;

export default function Ties(props: PageProps) {
  const { model } = props;
  return (
    <>
      <Changed changes={props.changes} />
      <Panel title="Who is tied to whom">
        {model.ties.edges.length ? (
          <Graph model={model} />
        ) : (
          <Lacks says="This file has no treaties, no exposures and no interests in others, so nobody is tied to anybody." yaml={YAML} writable={model.writable} />
        )}
      </Panel>
      <Ladder {...props} />
    </>
  );
}
