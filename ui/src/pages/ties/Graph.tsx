// Who is tied to whom: a drawing whose lines can be reached by keyboard, and the same as a list.

import { useRef, useState } from "preact/hooks";
import { Export } from "../../parts/Export";
import { useWidth } from "../../parts/charts/Figure";
import { cut, widthOf } from "../../parts/charts/scale";
import { capital, counted, plainName } from "../../parts/numbers";
import type { Model } from "../../types";
import { link } from "../../url";
import { columns, layOut, type Placed, type Route } from "./layout";
import { KINDS, tieLine, tieText } from "./words";

const BOLD = 1.12; // names of actors are wider than the ruler says

function Node({ node, room }: { node: Placed; room: number }) {
  const end = node.side === "left";
  const name = capital(plainName(node.name));
  return (
    <g class={`node ${node.kind}`}>
      <title>{name}</title>
      {node.kind === "actor" ? <circle cx={node.x} cy={node.y} r={8} /> : <rect x={node.x - 7} y={node.y - 7} width={14} height={14} rx={2} />}
      <text x={node.x + (end ? -14 : 14)} y={node.y} dy="0.32em" text-anchor={end ? "end" : "start"}>{cut(name, room)}</text>
    </g>
  );
}

interface TieProps {
  route: Route;
  says: string;
  chosen: boolean;
  choose: (number: number) => void;
}

function Tie({ route, says, chosen, choose }: TieProps) {
  const { edge, number, path, x, y } = route;
  const pick = () => choose(number);
  return (
    <g class={`tie ${edge.kind} ${chosen ? "chosen" : ""}`} tabIndex={0} role="button" aria-label={`${number}: ${says}`} aria-pressed={chosen} onFocus={pick} onClick={pick} onMouseEnter={pick}>
      <path class="reach" d={path} />
      <path class="tie-line" d={path} />
      <circle class="badge" cx={x} cy={y} r={9} />
      <text class="badge-number" x={x} y={y} dy="0.34em" text-anchor="middle">{number}</text>
    </g>
  );
}

/** The reading of the tie that is looked at; its room is kept free, so that nothing jumps. */
function Reading({ model, route }: { model: Model; route: Route | undefined }) {
  const line = route ? tieLine(model, route.edge) : 0;
  return (
    <div class="reading" aria-live="polite">
      {route ? (
        <p>
          <strong>{route.number}.</strong> {tieText(model, route.edge)}{" "}
          {line > 0 && <a href={link({ page: "edit", more: { line: String(line) } })}>Line {line}</a>}
        </p>
      ) : (
        <p class="quiet">Point at a line, or go through them with the Tab key, to read what it says.</p>
      )}
    </div>
  );
}

export function Graph({ model }: { model: Model }) {
  const [box, width] = useWidth();
  const drawing = useRef<SVGSVGElement>(null);
  const [chosen, choose] = useState(0);
  const { ties } = model;
  const longest = columns(ties).map((nodes) => 24 + Math.max(0, ...nodes.map((node) => widthOf(capital(plainName(node.name))) * BOLD)));
  const room: [number, number] = [Math.min(longest[0]!, width * 0.3), Math.min(longest[1]!, width * 0.45)];
  const layout = width > 0 ? layOut(ties, width, room) : null;
  const rows = () => [["number", "from", "to", "kind", "name", "says"], ...ties.edges.map((edge, place) => [place + 1, edge.from, edge.to, edge.kind, edge.name, tieText(model, edge)])];
  const words = { title: `${model.title}: who is tied to whom`, says: ties.edges.map((edge, place) => `${place + 1}. ${tieText(model, edge)}`).join(" ") };
  return (
    <figure class="chart ties">
      <div class="chart-head">
        <p class="chart-legend">{KINDS.filter(({ kind }) => ties.edges.some((edge) => edge.kind === kind)).map(({ kind, says }) => <span><i class={`chart-swatch tie-${kind}`} /> {says}</span>)}</p>
        <Export name={`${model.name} ties`} svg={() => drawing.current} rows={rows} words={words} />
      </div>
      <div ref={box} class="drawing">
        {layout && (
          <svg ref={drawing} width={layout.width} height={layout.height} viewBox={`0 0 ${layout.width} ${layout.height}`} role="group" aria-label={`${counted(ties.edges.length, "tie")} between ${counted(ties.nodes.length, "name")}; the list below says the same`}>
            {layout.routes.map((route) => <Tie key={route.number} route={route} says={tieText(model, route.edge)} chosen={route.number === chosen} choose={choose} />)}
            {layout.nodes.map((node) => <Node key={node.name} node={node} room={room[node.side === "left" ? 0 : 1] - 16} />)}
          </svg>
        )}
      </div>
      <Reading model={model} route={layout?.routes.find((route) => route.number === chosen)} />
      <details>
        <summary>The ties as a list</summary>
        <ol class="tie-list">
          {ties.edges.map((edge) => {
            const line = tieLine(model, edge);
            return <li>{tieText(model, edge)} {line > 0 && <a href={link({ page: "edit", more: { line: String(line) } })}>Line {line}</a>}</li>;
          })}
        </ol>
      </details>
    </figure>
  );
}
