// Sentences about options read right, whether these are named by a verb or by a noun.
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { location: { hash: "" }, addEventListener: () => {} });
const { finding, paragraph } = await import("../src/pages/why/result");

const estimate = (mean: number) => ({ mean, p05: mean, p50: mean, p95: mean });
const option = (share: number, gap: number) => ({
  share: estimate(share), best: estimate(share), gap: estimate(gap), at_once: estimate(gap), this_step: estimate(0), later: estimate(0), left_out: 0,
});
const told = {
  type: "",
  most_likely: "stand_aside",
  decides: estimate(1),
  options: { stand_aside: option(0.63, 0), us_strike: option(0.37, 1.5) },
  rows: [{ option: "us_strike", kind: "price", part: "patron.us_strike", paid: "at_once", mean: 1.5, p05: 1.5, p95: 1.5 }],
};

test("options stand in quotation marks", () => {
  const all = finding("patron", told as any).join(" ");
  assert.match(all, /^Patron most likely chooses “stand aside”: 63 % of the times it decides\./);
  assert.match(all, /Mostly because of the price of “US strike”, compared with “US strike”, which comes next\./);
  assert.equal(paragraph("patron", told as any, "us_strike"), "“US strike” costs Patron 1.50 points more than “stand aside”: 1.50 for the price of “US strike”.");
});
