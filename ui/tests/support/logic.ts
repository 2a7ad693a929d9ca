// What of the page can be tested without a browser; tests/page asks for it.
import { withoutMoves } from "../../src/parts/Basis";
import { fixed, percent, placesFor, plainName, points, tidy, change } from "../../src/parts/numbers";
import { toCsv } from "../../src/parts/export/csv";
import { ticks } from "../../src/parts/charts/scale";
import { expectedText } from "../../src/pages/claims/result";
import { conclusion, restText, rowsOf, stepText } from "../../src/pages/drivers/result";
import { endingText, tell } from "../../src/pages/histories/result";
import { layOut } from "../../src/pages/ties/layout";
import { orderOf } from "../../src/pages/ties/show";
import { finding, paragraph, partsOf, toldOf } from "../../src/pages/why/result";
import { gapText, standsOut } from "../../src/pages/whatifs/result";
import { writingOf } from "../../src/parts/numbers";
import { positionsOf, sentence } from "../../src/pages/exposure/result";

const whyParagraphs = (result: Parameters<typeof toldOf>[0]) =>
  toldOf(result).map((told) => Object.fromEntries(Object.keys(told.options).filter((option) => option !== told.most_likely).map((option) => [option, paragraph(result.actor, told, option)])));
const whyFindings = (result: Parameters<typeof toldOf>[0]) => toldOf(result).map((told) => finding(result.actor, told));
const whySums = (result: Parameters<typeof toldOf>[0]) =>
  toldOf(result).flatMap((told) => Object.keys(told.options).map((option) => [told.options[option]!.gap.mean, partsOf(told, option).reduce((sum, row) => sum + row.mean!, 0)]));

const gapBeside = (gap: number | null, answer: number, form: string) => gapText(gap, answer, writingOf({ form, unit: "bn USD" }));

export const offered: Record<string, (...given: any[]) => unknown> = {
  change, conclusion, gapBeside, standsOut, withoutMoves, endingText, expectedText, fixed, layOut, orderOf, percent, placesFor, plainName, points, positionsOf, restText, rowsOf, sentence, stepText, tell, ticks, tidy, toCsv,
  whyFindings, whyParagraphs, whySums,
};
