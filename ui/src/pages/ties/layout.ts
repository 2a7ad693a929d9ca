// Where nodes and edges of the drawing of ties go: two columns, so that names never lie on each other; always the same.

import type { Model } from "../../types";

type Ties = Model["ties"];
export type Edge = Ties["edges"][number];

export interface Placed {
  name: string;
  kind: "actor" | "other";
  side: "left" | "right";
  x: number;
  y: number;
}

export interface Route {
  edge: Edge;
  /** From 1, as the list counts them. */
  number: number;
  path: string;
  /** Where its number stands. */
  x: number;
  y: number;
}

interface Layout {
  nodes: Placed[];
  routes: Route[];
  width: number;
  height: number;
}

const ROW = 52;
const MARGIN = 30;

/** Actors on the left and all else on the right; where there is nothing else, actors take turns. */
export function columns(ties: Ties): [Ties["nodes"], Ties["nodes"]] {
  const actors = ties.nodes.filter((node) => node.kind === "actor");
  const others = ties.nodes.filter((node) => node.kind === "other");
  if (others.length) return [actors, sorted(actors, others, ties.edges)];
  return [actors.filter((_, place) => place % 2 === 0), actors.filter((_, place) => place % 2 === 1)];
}

/** By the mean place of those that they are tied to, so that fewer lines cross. */
function sorted(left: Ties["nodes"], right: Ties["nodes"], edges: Edge[]): Ties["nodes"] {
  const place = new Map(left.map((node, index) => [node.name, index]));
  const middle = (name: string) => {
    const tied = edges.flatMap((edge) => (edge.from === name ? [edge.to] : edge.to === name ? [edge.from] : [])).map((other) => place.get(other)).filter((one) => one !== undefined);
    return tied.length ? tied.reduce((sum, one) => sum + one, 0) / tied.length : left.length / 2;
  };
  return [...right].sort((one, other) => middle(one.name) - middle(other.name));
}

function column(nodes: Ties["nodes"], side: Placed["side"], x: number, height: number): Placed[] {
  const step = (height - 2 * MARGIN) / Math.max(1, nodes.length);
  return nodes.map((node, place) => ({ ...node, side, x, y: MARGIN + step * (place + 0.5) }));
}

const between = (a: number, b: number, c: number, d: number, t: number) =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;

/** A curve from one node to another; several between the same two lie beside each other. */
function route(edge: Edge, number: number, from: Placed, to: Placed, nth: number, of: number, gap: number): Route {
  const apart = (nth - (of - 1) / 2) * 22;
  const inward = (node: Placed) => (node.side === "left" ? 1 : -1);
  const same = from.side === to.side;
  const reach = same ? Math.min(gap * 0.7, 40 + Math.abs(from.y - to.y) * 0.45) + nth * 18 : gap * 0.45;
  const [x1, x2] = [from.x + inward(from) * reach, to.x + inward(to) * reach];
  const [y1, y2] = [from.y + apart, to.y + apart];
  const t = same ? 0.5 : 0.3 + 0.4 * ((number * 0.618) % 1);
  return {
    edge,
    number,
    path: `M${from.x},${from.y} C${x1},${y1} ${x2},${y2} ${to.x},${to.y}`,
    x: between(from.x, x1, x2, to.x, t),
    y: between(from.y, y1, y2, to.y, t),
  };
}

/** Numbers that would lie on each other are moved along their curves' height. */
function spread(routes: Route[]): Route[] {
  const done: Route[] = [];
  for (const one of [...routes].sort((a, b) => a.y - b.y)) {
    let y = one.y;
    while (done.some((other) => Math.abs(other.x - one.x) < 20 && Math.abs(other.y - y) < 18)) y += 2;
    done.push({ ...one, y });
  }
  return done.sort((a, b) => a.number - b.number);
}

/** @param room for the names on the left and on the right, in pixels */
export function layOut(ties: Ties, width: number, room: [number, number]): Layout {
  const [left, right] = columns(ties);
  const height = Math.max(left.length, right.length, 2) * ROW + 2 * MARGIN;
  const nodes = [...column(left, "left", room[0], height), ...column(right, "right", width - room[1], height)];
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const pair = (edge: Edge) => [edge.from, edge.to].sort().join(" ");
  const seen = new Map<string, number>();
  const count = new Map<string, number>();
  for (const edge of ties.edges) count.set(pair(edge), (count.get(pair(edge)) ?? 0) + 1);
  const routes = ties.edges.map((edge, place) => {
    const nth = seen.get(pair(edge)) ?? 0;
    seen.set(pair(edge), nth + 1);
    return route(edge, place + 1, byName.get(edge.from)!, byName.get(edge.to)!, nth, count.get(pair(edge))!, width - room[0] - room[1]);
  });
  return { nodes, routes: spread(routes), width, height };
}
