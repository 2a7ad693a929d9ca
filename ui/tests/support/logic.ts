// What of the page can be tested without a browser; tests/page asks for it.
import { withoutMoves } from "../../src/parts/Basis";
import { fixed, percent, placesFor, plainName, points, tidy, change } from "../../src/parts/numbers";
import { toCsv } from "../../src/parts/export/csv";
import { ticks } from "../../src/parts/charts/scale";
import { blocksOf } from "../../src/parts/prose";
import { band, moved, read } from "../../src/parts/ranges";
import { steady } from "../../src/parts/steady";
import type { Answer } from "../../src/types";
import { expectedText } from "../../src/pages/claims/result";
import { conclusion, restText, rowsOf, stepText } from "../../src/pages/drivers/result";
import { endingText, tell } from "../../src/pages/histories/result";
import { layOut } from "../../src/pages/ties/layout";
import { orderOf } from "../../src/pages/ties/show";
import { finding, paragraph, partsOf, toldOf } from "../../src/pages/why/result";
import { bandOf as gapBandOf, gapText, standsOut, switchedText } from "../../src/pages/whatifs/result";
import { writingOf } from "../../src/parts/numbers";
import { positionsOf, sentence } from "../../src/pages/exposure/result";

const whyParagraphs = (result: Parameters<typeof toldOf>[0]) =>
  toldOf(result).map((told) => Object.fromEntries(Object.keys(told.options).filter((option) => option !== told.most_likely).map((option) => [option, paragraph(result.actor, told, option)])));
const whyFindings = (result: Parameters<typeof toldOf>[0]) => toldOf(result).map((told) => finding(result.actor, told));
const whySums = (result: Parameters<typeof toldOf>[0]) =>
  toldOf(result).flatMap((told) => Object.keys(told.options).map((option) => [told.options[option]!.gap.mean, partsOf(told, option).reduce((sum, row) => sum + row.mean!, 0)]));

const gapBand = (p05: number, p95: number, answer: number) => gapBandOf({ mean: 0, p05, p50: 0, p95 }, answer, writingOf({ form: "takes", unit: "" }));
const gapBeside = (gap: number | null, answer: number, form: string) => gapText(gap, answer, writingOf({ form, unit: "bn USD" }));

// Tests think in the texts of numbers.
const bandOf = (text: string) => {
  const { p05, p50, p95 } = band(read(text))!;
  return [p05, p50, p95];
};
const kindOf = (text: string) => read(text).kind;
const movedText = (text: string, to: number, width?: number) => moved(read(text), to, width).text;
/** The texts of a number that is made smaller again and again, each from the one before. */
const shrunk = (text: string) => {
  let form = read(text);
  const texts = [moved(form, band(form)!.p50, 0.0001).text];
  for (let i = 0; i < 25; i++) {
    form = moved(form, band(form)!.p50, 0.75);
    texts.push(form.text);
  }
  return texts;
};
const steadied = (given: { now: Answer; base: Answer; saved: Answer }) => steady(given.now, given.base, given.saved, (name) => name !== "loss");

export const offered: Record<string, (...given: any[]) => unknown> = {
  change, conclusion, gapBand, gapBeside, standsOut, withoutMoves, endingText, expectedText, fixed, layOut, orderOf, percent, placesFor, plainName, points, positionsOf, restText, rowsOf, sentence, stepText, tell, ticks, tidy, toCsv,
  whyFindings, whyParagraphs, whySums, bandOf, blocksOf, kindOf, switchedText, movedText, shrunk, steadied,
};
