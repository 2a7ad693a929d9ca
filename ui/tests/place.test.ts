// Where a cursor stands in a crisis file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Text } from "@codemirror/state";
import { placeAt } from "../src/parts/editor/place";

/** The place of the mark ¦ as `path at typed`, null where there is none. */
function at(marked: string): string | null {
  const position = marked.indexOf("¦");
  const place = placeAt(Text.of(marked.replace("¦", "").split("\n")), position);
  return place && `${place.path.join("/")} ${place.at} ${place.typed}`.trimEnd();
}

const beside = (marked: string) =>
  [...placeAt(Text.of(marked.replace("¦", "").split("\n")), marked.indexOf("¦"))!.beside].sort().join();

test("a key in a block", () => {
  const text = "foederis: 1\nactors:\n  patron:\n    rationality: sharp\n    ¦\n    says: x\n  rival: {}\n";
  assert.equal(at(text), "actors/patron key");
  assert.equal(beside(text), "rationality,says");
});

test("a key at the top, beside those above and below", () => {
  assert.equal(at("ti¦\nclock: {}\nmoves:\n  - actor: x\nclaims: {}"), " key ti");
  assert.equal(beside("ti¦\nclock: {}\nmoves:\n  - actor: x\nclaims: {}"), "claims,clock,moves");
});

test("keys and values within braces", () => {
  assert.equal(at("actors:\n  p: {rationality: 1, pa¦}"), "actors/p key pa");
  assert.equal(at("actors:\n  p: {rationality: sha¦}"), "actors/p/rationality value sha");
  assert.equal(at("x:\n  p: {a: 1,\n    b: {c: d¦"), "x/p/b/c value d");
  assert.equal(at('claims:\n  c: {says: "a, b: {", expect: {comes: ris¦'), "claims/c/expect/comes value ris");
  assert.equal(at("treaties:\n  p:\n    parties: [a, b¦]"), "treaties/p/parties/* value b");
});

test("entries of lists, indented or not", () => {
  assert.equal(at("moves:\n  - actor: a\n    opt¦"), "moves/* key opt");
  assert.equal(at("moves:\n- actor: a\n  options:\n    x: {sets: {help: t¦"), "moves/*/options/x/sets/help value t");
  assert.equal(at("moves:\n  - together:\n      - actor: x\n        n¦"), "moves/*/together/* key n");
  assert.equal(at("q:\n  a:\n    because:\n      - source: m¦"), "q/a/because/*/source value m");
  assert.equal(beside("moves:\n  - actor: a\n    opt¦\n    when: x\n  - name: b"), "actor,when");
});

test("nothing within comments and long texts", () => {
  assert.equal(at("a: 1 # com¦"), null);
  assert.equal(at("actors:\n  # co¦"), null);
  assert.equal(at("interests:\n  r:\n    i:\n      worth: >-\n        -influence * (1 ¦"), null);
  assert.equal(at("a:\n  b:\n    says: hello\n      there¦"), "a/b/says value hello\n      there");
});
