// In how many worlds something is solved that takes long: fewer answer sooner, more answer finer.

import type { Model } from "../types";
import { go, view } from "../url";
import type { Asking } from "./common";

const CHOICES = [32, 128, 512, 1024];

/** Those there always are, and those of the answer that a notebook shows. */
function choices(model: Model): number[] {
  return [...new Set([...CHOICES, ...(model.worlds ? [model.worlds] : [])])].sort((one, other) => one - other);
}

/** As it stands in the address; private types take about ten times as long. */
function worldsOf(model: Model): number {
  const asked = Number(view.value.more.worlds);
  return choices(model).includes(asked) ? asked : model.worlds ?? (model.typed ? 32 : 128);
}

/** The option by which that is asked for: none for those of a notebook's answer, which its kernel knows. */
export function drawsOf(model: Model): number | undefined {
  const worlds = worldsOf(model);
  return worlds === model.worlds ? undefined : worlds;
}

/** The same where there is no choice: as many as ever, or few, since private types take about ten times as long. */
export function fewDraws(model: Model): number | undefined {
  return model.typed && !model.worlds ? 32 : undefined;
}

export function WorldsChoice({ model }: { model: Model }) {
  return (
    <label>
      In how many worlds
      <select value={worldsOf(model)} onChange={(event) => go({ more: { ...view.value.more, worlds: event.currentTarget.value } })}>
        {choices(model).map((one) => <option value={one}>{one.toLocaleString("en")}</option>)}
      </select>
    </label>
  );
}

/** Progress that also says which of the what-ifs is being solved. */
export function withPlace(asking: Asking, model: Model): Asking {
  if (asking.state !== "asking" || !asking.progress) return asking;
  const place = model.what_ifs.findIndex((one) => one.name === asking.progress!.what);
  if (place < 0) return asking;
  return { ...asking, progress: { ...asking.progress, what: `what-if ${place + 1} of ${model.what_ifs.length}, ${asking.progress.what}` } };
}
