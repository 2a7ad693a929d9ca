// Differences of texts, places of findings, and what the schema allows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Text } from "@codemirror/state";
import { offset } from "../src/parts/editor/check";
import { difference } from "../src/parts/editor/lines";
import { keysAt, schemasAt, type Schema } from "../src/parts/editor/schema";

test("a difference holds both texts", () => {
  for (const [before, after] of [["a\nb\nc", "a\nx\nc"], ["a\nb", "a\nb\nc"], ["a\nb\n", "a\n"], ["", "x\ny"], ["a\nb\nc\n", "b\nc\nd\n"], ["same", "same"]] as const) {
    const lines = difference(before, after);
    const side = (sign: string) => lines.filter((line) => line.kind === " " || line.kind === sign).map((line) => line.text).join("\n");
    assert.equal(side("-"), before);
    assert.equal(side("+"), after);
  }
  assert.deepEqual(difference("a\nb", "a\nb\nc").map((line) => line.kind).join(""), "  +");
});

test("columns count characters beyond the sixteen bits as one", () => {
  const doc = Text.of(["x: 𝄞𝄞 here"]);
  assert.equal(doc.sliceString(offset(doc, 1, 7), offset(doc, 1, 11)), "here");
  assert.equal(offset(doc, 9, 1), doc.length);
});

const schema: Schema = {
  properties: { actors: { additionalProperties: { $ref: "#/$defs/actor" } }, moves: { items: { anyOf: [{ $ref: "#/$defs/turn" }, { $ref: "#/$defs/pair" }] } } },
  $defs: {
    actor: { type: "object", properties: { rationality: { type: "number", description: "how closely" } }, required: ["rationality"] },
    turn: { properties: { actor: { enum: ["a"] } } },
    pair: { properties: { together: { items: { $ref: "#/$defs/turn" } } } },
  },
};

test("keys and words of the schema", () => {
  assert.deepEqual(keysAt(schema, ["actors", "patron"]), [{ name: "rationality", says: "how closely", needed: true, deep: false }]);
  assert.deepEqual(keysAt(schema, ["moves", "*"]).map((key) => key.name), ["actor", "together"]);
  assert.deepEqual(schemasAt(schema, ["moves", "*", "together", "*", "actor"]).map((one) => one.enum), [["a"]]);
  assert.deepEqual(keysAt(schema, ["nowhere"]), []);
});
