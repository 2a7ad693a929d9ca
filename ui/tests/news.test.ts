// Observations as they are written, and names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameFrom, wrongName } from "../src/parts/names";
import { missing, written, type Observation } from "../src/parts/news/item";

const patron = { kind: "turn" as const, name: "patron", choices: [] };
const plain: Observation = { step: 1, seen: patron, values: ["arms"], not: false, believed: "", says: "", source: "", where: "", quote: "" };

test("an observation in the words of the language", () => {
  assert.equal(written(plain), "step: 1\npatron: arms");
  assert.equal(
    written({ ...plain, values: ["arms", "none"], not: true, believed: "80%", says: 'He said: "no"', source: "memo", where: "page 2, {top}" }),
    'step: 1\npatron: not arms | none\nbelieved: 80%\nsays: "He said: \\"no\\""\nbecause: {source: memo, where: "page 2, {top}"}',
  );
  assert.equal(written({ ...plain, seen: { kind: "state", name: "war", choices: [] }, values: ["on"] }), "step: 1\nstate: {war: on}");
});

test("what is missing is said", () => {
  assert.equal(missing(plain, 2), null);
  assert.match(missing({ ...plain, step: 2 }, 2)!, /0 to 1/);
  assert.match(missing({ ...plain, step: NaN }, 2)!, /0 to 1/);
  assert.match(missing({ ...plain, values: [] }, 2)!, /seen/);
  assert.match(missing({ ...plain, believed: "source" }, 2)!, /source/);
  for (const share of ["0%", "101%", "x%"]) assert.match(missing({ ...plain, believed: share }, 2)!, /percentage/);
});

test("names of the language", () => {
  assert.equal(wrongName("weak_client", []), null);
  for (const name of ["", "2x", "a-b", "über", "else"]) assert.notEqual(wrongName(name, []), null);
  assert.match(wrongName("x", ["x"])!, /already/);
  assert.equal(nameFrom("p_fall_30% to 60%", []), "p_fall_30_to_60");
  assert.equal(nameFrom("30%", ["w_30"]), "w_30_2");
});
