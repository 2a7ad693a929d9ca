// What a tie says, and where it stands in the file.

import { capital, plainName } from "../../parts/numbers";
import type { Model } from "../../types";
import type { Edge } from "./layout";

export const KINDS: { kind: Edge["kind"]; says: string }[] = [
  { kind: "treaty", says: "treaty (solid)" },
  { kind: "exposure", says: "exposure: what somebody may lose (dashed)" },
  { kind: "interest", says: "interest in another (dotted)" },
];

export function tieText(model: Model, edge: Edge): string {
  const [from, to, name] = [capital(plainName(edge.from)), plainName(edge.to), plainName(edge.name)];
  const says = edge.says ? ` ${edge.says}` : "";
  if (edge.kind === "treaty") {
    const treaty = model.treaties.find((one) => one.name === edge.name);
    const clauses = treaty?.clauses.map((clause) => `${clause.label}: ${clause.current.replace(/^\[(.*)\]$/, "$1") || "nothing"}`).join("; ");
    return `${from} and ${to} are parties to the treaty ${name}.${says}${clauses ? ` ${capital(clauses)}.` : ""}`;
  }
  if (edge.kind === "exposure") {
    const exposure = model.exposures.find((one) => one.name === edge.name);
    const what = edge.to === edge.name ? `has ${name} to lose` : `has ${name} to lose with ${to}`;
    return `${from} ${what}${exposure?.unit ? `, told in ${exposure.unit}` : ""}.${says}`;
  }
  return `${from} has an interest in ${to}: ${name}.${says}`;
}

/** 0 where it is not known. */
export function tieLine(model: Model, edge: Edge): number {
  if (edge.kind === "treaty") return model.treaties.find((one) => one.name === edge.name)?.line ?? 0;
  if (edge.kind === "exposure") return model.exposures.find((one) => one.name === edge.name)?.line ?? 0;
  return model.numbers.find((one) => one.path === edge.path || one.path.startsWith(`${edge.path}.`))?.line ?? 0;
}
