// One option against the one most likely taken: a paragraph, then its parts as bars.

import { Parts, type Part } from "../../parts/charts/Parts";
import { capital, counted, fixed, plainName, quoted } from "../../parts/numbers";
import type { Model } from "../../types";
import { link } from "../../url";
import { paidText, paragraph, partText, partsOf, placesOf, type Told, type WhyResult, type WhyRow } from "./result";

const SHOWN = 0.02; // of the largest part; smaller ones are put together

function barsOf(told: Told, option: string): Part[] {
  const rows = partsOf(told, option);
  const { gap } = told.options[option]!;
  const largest = Math.max(...rows.map((row) => Math.abs(row.mean!)), 0);
  const little = rows.filter((row) => Math.abs(row.mean!) < SHOWN * largest);
  const rest = little.length > 1 ? little : [];
  const shown = rows.filter((row) => !rest.includes(row));
  const bars: Part[] = shown.map((row) => ({ label: partText(row), note: paidText(row), mean: row.mean!, low: row.p05, high: row.p95 }));
  if (rest.length)
    bars.push({ label: `${rest.length} smaller parts together`, note: "", mean: rest.reduce((sum, row) => sum + row.mean!, 0), low: null, high: null });
  return [...bars, { label: "in all", note: "", mean: gap.mean!, low: gap.p05, high: gap.p95, whole: true }];
}

/** Where a part stands in the file; 0 where that is not known. */
function lineOf(model: Model, actor: string, row: WhyRow): number {
  if (row.kind === "treaty") return model.treaties.find((treaty) => treaty.name === row.part)?.line ?? 0;
  if (row.kind === "interest") return model.numbers.find((number) => number.path.startsWith(`interests.${actor}.${row.part}.`) || number.path === `interests.${actor}.${row.part}`)?.line ?? 0;
  const [turn, branch] = row.part.split(".", 2);
  const turns = model.actors.flatMap((one) => one.turns);
  const option = turns.find((one) => one.name === turn)?.options.find((one) => one.name === branch);
  return option?.line ?? model.events.find((event) => event.name === turn)?.line ?? 0;
}

export function OptionWhy({ model, result, told, option }: { model: Model; result: WhyResult; told: Told; option: string }) {
  const { gap, left_out } = told.options[option]!;
  const places = placesOf(told, option);
  const usual = quoted(told.most_likely);
  const places_in_file = partsOf(told, option).slice(0, 6).map((row) => ({ row, line: lineOf(model, result.actor, row) })).filter(({ line }) => line > 0);
  return (
    <article class="option-why">
      <h3>{capital(plainName(option))}</h3>
      <p>
        {paragraph(result.actor, told, option)}
        {gap.mean !== null && left_out > 0 &&
          ` In ${left_out.toLocaleString("en")} of ${counted(result.draws, "world")} it never decides, or the two are never open together; they are left out.`}
      </p>
      {gap.mean !== null && (
        <Parts
          name={`${model.name} why ${result.actor}${told.type ? ` ${told.type}` : ""} ${option}`}
          heading={`${capital(plainName(result.actor))}${told.type ? `, if it is ${plainName(told.type)}` : ""}: why ${usual} and not ${quoted(option)}`}
          says={`By how many points ${quoted(option)} falls behind ${usual}, and what makes it up. Bars to the right speak for ${usual}, bars to the left for ${quoted(option)}; lines are the middle 90 % of worlds.`}
          parts={barsOf(told, option)}
          write={(value) => fixed(value, places, true)}
          axis="points"
          left={`speaks for ${quoted(option)}`}
          right={`speaks for ${usual}`}
          noteName="paid"
        />
      )}
      {places_in_file.length > 0 && (
        <p class="places">
          In the file: {places_in_file.map(({ row, line }, place) => <>{place > 0 && ", "}<a href={link({ page: "edit", more: { line: String(line) } })}>{partText(row)} (line {line})</a></>)}
        </p>
      )}
    </article>
  );
}
