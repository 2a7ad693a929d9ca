// What counts as a change, and how it is taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmpty, listed, nowAt, withText, withWhatIf } from "../src/parts/changes";
import type { Model } from "../src/types";

const model = {
  quantities: [{ name: "p_fall", path: "quantities.p_fall", text: "5% to 20%" }],
  treaties: [{ name: "pact", clauses: [{ path: "treaties.pact.invokes", current: "defense" }] }],
  numbers: [{ path: "events.fall.odds.0.times", text: "0.9" }],
  what_ifs: [
    { name: "weak", says: "A weak client", changes: [{ path: "quantities.p_fall", text: "30% to 60%" }], imposed: [] },
    { name: "weaker", says: "", changes: [{ path: "quantities.p_fall", text: "50% to 60%" }], imposed: [] },
  ],
} as unknown as Model;
const NONE = { set: {}, on: [] };
const PATH = "quantities.p_fall";

test("a text that stands in the file is no change", () => {
  assert.ok(isEmpty(withText(model, NONE, PATH, "5% to 20%")));
  const changed = withText(model, NONE, PATH, "30%");
  assert.deepEqual(changed.set, { [PATH]: "30%" });
  assert.ok(isEmpty(withText(model, changed, PATH, "5% to 20%")));
  assert.ok(isEmpty(withText(model, changed, PATH, null)));
});

test("under a what-if the file's own text is a change", () => {
  const on = withWhatIf(NONE, "weak", true);
  assert.equal(nowAt(model, on, PATH), "30% to 60%");
  assert.deepEqual(withText(model, on, PATH, "5% to 20%").set, { [PATH]: "5% to 20%" });
  assert.deepEqual(withText(model, on, PATH, "30% to 60%").set, {});
});

test("what-ifs apply in the order of the file, whichever was switched on first", () => {
  assert.equal(nowAt(model, { set: {}, on: ["weaker", "weak"] }, PATH), "50% to 60%");
});

test("each change is said in words and can be taken back alone", () => {
  const changes = { set: { [PATH]: "30%", "treaties.pact.invokes": "offense" }, on: ["weak"] };
  const said = listed(model, changes);
  assert.deepEqual(said.map(({ what, from, to }) => [what, from, to]), [
    ["what if", null, "A weak client"],
    ["p_fall", "30% to 60%", "30%"],
    ["treaties.pact.invokes", "defense", "offense"],
  ]);
  assert.deepEqual(said[0]!.without, { ...changes, on: [] });
  assert.deepEqual(said[1]!.without, { ...changes, set: { "treaties.pact.invokes": "offense" } });
});
