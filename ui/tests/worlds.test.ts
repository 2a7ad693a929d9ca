// In how many worlds slow pages are asked for: by a number, or by none where a notebook's kernel knows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model } from "../src/types";

Object.assign(globalThis, { location: { hash: "" }, addEventListener: () => {} });
const { drawsOf, fewDraws } = await import("../src/parts/WorldsChoice");
const { unbind, view } = await import("../src/url");

unbind({});
const choose = (worlds?: string) => {
  view.value = { ...view.value, more: worlds ? { worlds } : {} };
};

test("a file is looked at in few worlds until others are chosen", () => {
  choose();
  assert.equal(drawsOf({ typed: false } as Model), 128);
  assert.equal(drawsOf({ typed: true } as Model), 32);
  choose("512");
  assert.equal(drawsOf({ typed: true } as Model), 512);
  choose("7");
  assert.equal(drawsOf({ typed: false } as Model), 128);
});

test("a notebook's answer is looked at in its own worlds until others are chosen", () => {
  const model = { typed: false, worlds: 300 } as Model;
  choose();
  assert.equal(drawsOf(model), undefined);
  choose("300");
  assert.equal(drawsOf(model), undefined);
  choose("32");
  assert.equal(drawsOf(model), 32);
});

test("where there is no choice, private types make few, but not of a notebook's answer", () => {
  choose();
  assert.equal(fewDraws({ typed: false } as Model), undefined);
  assert.equal(fewDraws({ typed: true, worlds: null } as Model), 32);
  assert.equal(fewDraws({ typed: true, worlds: 300 } as Model), undefined);
});
