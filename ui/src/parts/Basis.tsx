// What a result rests on, and what of it is in doubt.

import { useEffect, useState } from "preact/hooks";
import type { Changes, Model } from "../types";
import { counted, listed, percent, plainName } from "./numbers";
import { RESIDUAL_LIMIT, scientific } from "./words";
import "./Basis.css";

interface Tally {
  turns: string[];
  worlds: number;
  doubtful_worlds: number;
  error?: number;
}

interface Beliefs {
  worlds?: number;
  on_grid?: number;
  exact?: boolean;
  /** In how many worlds a finer grid was tried. */
  compared?: number;
  nodes: number;
  error?: number;
  errors?: Record<string, number>;
  coarse: boolean;
  missed: number;
  split: number;
  worst: number;
  doubtful_worlds: number;
}

/** What results have in common. */
export interface Rests {
  draws?: number;
  at?: string | null;
  seed?: number;
  residual?: number | null;
  check?: { residual?: number | null };
  together?: Tally[];
  beliefs?: Beliefs | null;
  /** Where something was observed: how much the worlds still count. */
  observed?: Observed;
}

export interface Observed {
  effective_draws: number;
  dropped: number;
  moved: unknown;
}

function gridText(beliefs: Beliefs): string {
  const { nodes, worlds, compared } = beliefs;
  const onGrid = beliefs.on_grid ?? (beliefs.exact ? 0 : 1);
  if (!onGrid) return "Beliefs about types: exact, every belief that play can lead to was worked out.";
  const where = worlds !== undefined && beliefs.on_grid !== undefined && onGrid < worlds ? ` in ${onGrid.toLocaleString("en")} of ${counted(worlds, "world")} solved` : "";
  // Of probabilities and amounts alike, so it has no unit.
  const error = beliefs.error ?? Math.max(0, ...Object.values(beliefs.errors ?? {}));
  const finer = compared === 0 ? "" : `; a finer one changes mean answers, in a few worlds, by at most ${Number(error.toPrecision(2))}`;
  return `Beliefs about types stand on a grid of ${nodes} nodes${where}${finer}.`;
}

/** What a reader must know before relying on the numbers. */
export function doubts(result: Rests): string[] {
  const found: string[] = [];
  for (const move of result.together ?? [])
    if (move.doubtful_worlds > 0) {
      const names = listed(move.turns.map(plainName));
      found.push(`Where ${names} choose at the same time, fixed points are in doubt in ${counted(move.doubtful_worlds, "world")} of ${move.worlds.toLocaleString("en")} solved.`);
    }
  const { beliefs } = result;
  if (beliefs?.coarse) found.push("The grid of beliefs is coarse: a finer one would change an answer by more than is shown.");
  if (beliefs && beliefs.doubtful_worlds > 0)
    found.push(
      `In ${counted(beliefs.doubtful_worlds, "world")} a signal is in doubt: ${counted(beliefs.missed, "fixed point")} missed by ${percent(beliefs.worst)} at most, ${beliefs.split.toLocaleString("en")} past which the way from even odds turns or divides.`,
    );
  return found;
}

/** How many worlds count given what was observed. */
export function observedText(draws: number, { effective_draws, dropped, moved }: Observed): string {
  const text = moved
    ? `${draws.toLocaleString("en")} worlds, drawn anew by how likely what was observed is in them; few of the first ones were left.`
    : `${draws.toLocaleString("en")} worlds. Each counts by how likely what was observed is in it: as ${Math.round(effective_draws).toLocaleString("en")} equal ones in all.`;
  return dropped ? `${text} In ${dropped.toLocaleString("en")} it cannot be; these are left out.` : text;
}

function residualText(residual: number | null): string {
  if (residual === null) return "Not checked: there is no residual.";
  const text = `largest residual ${scientific(residual)} of the range of payoffs (limit 10⁻⁹).`;
  return residual <= RESIDUAL_LIMIT ? `Checked: ${text}` : `The check failed: ${text}`;
}

export function Basis({ result, more }: { result: Rests; more?: string }) {
  const residual = result.residual ?? result.check?.residual;
  const found = doubts(result);
  return (
    <>
      {found.length > 0 && <ul class="doubts">{found.map((text) => <li>{text}</li>)}</ul>}
      <p class="rests-on">
        {result.at && "Rests on one world, every quantity at its median. "}
        {!result.at && result.draws !== undefined && `Rests on ${counted(result.draws, "possible world")} (seed ${result.seed ?? 0}). `}
        {!result.at && result.draws !== undefined && result.observed && `${observedText(result.draws, result.observed)} `}
        {more && `${more} `}
        {result.beliefs && `${gridText(result.beliefs)} `}
        {residual !== undefined && residualText(residual)}
      </p>
    </>
  );
}

/** What is switched on or turned, so that nobody takes the result for that of the saved file. */
export function Changed({ changes }: { changes: Changes }) {
  const set = Object.entries(changes.set).map(([path, text]) => `${path.replace(/^quantities\./, "")} = ${text}`);
  const on = changes.on.map((name) => `what if: ${plainName(name)}`);
  if (!set.length && !on.length) return null;
  return <p class="changed">With your changes: {[...on, ...set].join("; ")}.</p>;
}

/** The changes without what-ifs that impose moves, for analyses that hold courses of play against one without them. */
export function withoutMoves(model: Model, changes: Changes): Changes {
  const imposing = new Set(model.what_ifs.filter((one) => one.imposed.length).map((one) => one.name));
  const on = changes.on.filter((name) => !imposing.has(name));
  return on.length === changes.on.length ? changes : { ...changes, on };
}

/** Which what-ifs that leaves out here, and where they are to be found. */
export function LeftOut({ model, changes, where }: { model: Model; changes: Changes; where: string }) {
  const kept = withoutMoves(model, changes).on;
  const left = changes.on.filter((name) => !kept.includes(name)).map(plainName);
  if (!left.length) return null;
  return <p class="changed">Not looked at as switched on here, since {left.length === 1 ? "it imposes" : "they impose"} moves: {listed(left)}. {where}</p>;
}

/** What what-ifs and claims are held against. */
export const standing = (changes: Changes) =>
  changes.on.length || Object.keys(changes.set).length ? "with your changes" : "as the file stands";

/** The changes once they have stood still for a moment: an analysis is not asked for every place of a slider. */
export function useSettled(changes: Changes): Changes {
  const [settled, setSettled] = useState(changes);
  const key = JSON.stringify(changes);
  useEffect(() => {
    if (key === JSON.stringify(settled)) return;
    const timer = setTimeout(() => setSettled(changes), 700);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

/** A page that a file has nothing for: what would have to stand in it. */
export function Lacks({ says, yaml, writable }: { says: string; yaml: string; writable: boolean }) {
  return (
    <div class="lacks">
      <p>{says}</p>
      <p class="quiet">{writable ? "Write it into the file on the page Edit, as in" : "This case cannot be written to: make a copy of it, and add to that, as in"}</p>
      <pre tabIndex={0} aria-label="An example"><code>{yaml}</code></pre>
    </div>
  );
}
