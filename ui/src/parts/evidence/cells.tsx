// How one number of the file is shown in a table.

import type { Model, Numbered } from "../../types";
import { link } from "../../url";

/** A long name, which may be broken where its words are joined. */
function Breaking({ name }: { name: string }) {
  return <>{name.split(/(?<=[._])/).map((part) => <>{part}<wbr /></>)}</>;
}

export function NumberCell({ number, model }: { number: Pick<Numbered, "path" | "line" | "says">; model: Model }) {
  const name = number.path.replace(/^quantities\./, "");
  return (
    <>
      <a class="number-name" href={link({ id: model.id, page: "edit", more: { line: String(number.line) } })} title={`line ${number.line} of the file`}><Breaking name={name} /></a>
      {number.says && <div class="quiet">{number.says}</div>}
    </>
  );
}

export function ValueCell({ number }: { number: Numbered }) {
  const unit = number.unit && !number.text.endsWith(number.unit) ? ` ${number.unit}` : "";
  return <>{number.text}{unit}</>;
}
