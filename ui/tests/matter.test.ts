// Which numbers matter most and rest on least.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assumptions, shares, type DriversResult } from "../src/parts/evidence/matter";
import type { Because, Model, Numbered } from "../src/types";

const from = (reliability: string | null): Because =>
  ({ source: "memo", title: null, where: null, says: null, quote: null, reliability, credibility: null, reason: null });
const number = (path: string, ...because: Because[]): Numbered => ({ path, text: "1", line: 1, says: "", unit: "", because, rests_on_author: !because.length });
const row = (group: string, total: number) => ({ group, total, total_low: total, total_high: total });
const result: DriversResult = {
  question: "q", scale: "amount", rest: ["small", "tiny"],
  rows: [row("large", 0.5), row("a + b (tied)", 0.3), row("actors.rival.rationality", 0.1), row("2 others together", 0.2)],
};

test("groups are told apart", () => {
  const found = shares(result);
  assert.deepEqual(found.get("quantities.a")?.with, ["b"]);
  assert.equal(found.get("actors.rival.rationality")?.total, 0.1);
  assert.equal(found.get("quantities.tiny")?.rest, true);
});

test("what rests on less comes first, and what matters more", () => {
  const numbers = [
    number("fixed"), number("quantities.large", from("A")), number("quantities.a"), number("quantities.b", from("C")),
    number("actors.rival.rationality"), number("quantities.tiny", from("F")),
  ];
  const found = assumptions({ numbers } as Model, result);
  // 0.3 × 6/6, 0.3 × 3/6, 0.1 × 6/6, then what is 0.5 × 1/6 and, of the rest, at most 0.1 × 5/6; a fixed number is last.
  assert.deepEqual(found.map((one) => one.number.path), [
    "quantities.a", "quantities.b", "actors.rival.rationality", "quantities.tiny", "quantities.large", "fixed",
  ]);
  assert.equal(found.at(-1)!.share, null);
});

test("the best of several reasons counts; a source without a letter counts as E and F do", () => {
  const letters = (...because: Because[]) => assumptions({ numbers: [number("x", ...because)] } as Model, result)[0]!;
  assert.equal(letters(from("E"), from("B")).letter, "B");
  assert.equal(letters(from(null)).weight, letters(from("F")).weight);
  assert.equal(letters({ ...from("A"), source: null }).letter, null);
});
