// Each what-if: what it changes and imposes, whether that was open, and a switch.

import { Panel } from "../../parts/common";
import { counted, percent } from "../../parts/numbers";
import type { Changes, Model, WhatIf } from "../../types";
import { link } from "../../url";
import type { WhatIfsAnswer } from "./result";

interface ListProps {
  model: Model;
  changes: Changes;
  answer: WhatIfsAnswer | null;
  shown: string[];
  show: (names: string[]) => void;
  setChanges: (changes: Changes, settle: boolean) => void;
  nameOf: (name: string) => string;
}

function Imposed({ whatIf, answer }: { whatIf: WhatIf; answer: WhatIfsAnswer | null }) {
  const opened = Object.entries(answer?.what_ifs[whatIf.name]?.imposed_open ?? {});
  const moves = opened.length ? opened.map(([move, share]) => ({ move, share: share.mean })) : whatIf.imposed.map((move) => ({ move, share: undefined }));
  return (
    <>
      {moves.map(({ move, share }) => (
        <li>
          imposed: <code>{move}</code>
          {share !== undefined && share !== null && (share >= 0.9995 ? ", open in all worlds and states" : `, open with probability ${percent(share)}; elsewhere play goes on as it was`)}
        </li>
      ))}
    </>
  );
}

function One({ whatIf, ...props }: ListProps & { whatIf: WhatIf }) {
  const { model, changes, shown } = props;
  const on = changes.on.includes(whatIf.name);
  const order = model.what_ifs.map((one) => one.name);
  const toggle = (list: string[]) => (list.includes(whatIf.name) ? list.filter((one) => one !== whatIf.name) : order.filter((one) => one === whatIf.name || list.includes(one)));
  return (
    <li class="what-if">
      <div class="what-if-head">
        <label>
          <input type="checkbox" checked={shown.includes(whatIf.name)} onChange={() => props.show(toggle(shown))} aria-label={`compare ${props.nameOf(whatIf.name)}`} />
          <strong>{props.nameOf(whatIf.name)}</strong>
        </label>
        <button type="button" class="page-act" aria-pressed={on} onClick={() => props.setChanges({ ...changes, on: toggle(changes.on) }, true)}>
          {on ? "Switch off" : "Switch on"}
        </button>
      </div>
      <ul>
        {whatIf.changes.map((change) => <li><code>{change.path}</code> becomes <code>{change.text}</code></li>)}
        <Imposed whatIf={whatIf} answer={props.answer} />
        {whatIf.line > 0 && <li><a href={link({ page: "edit", more: { line: String(whatIf.line) } })}>Line {whatIf.line} of the file</a></li>}
      </ul>
    </li>
  );
}

export function WhatIfList(props: ListProps) {
  const all = props.model.what_ifs.map((one) => one.name);
  return (
    <Panel
      title={counted(all.length, "what-if")}
      actions={
        <span class="what-if-all">
          <button type="button" class="page-act" onClick={() => props.show(all)}>Compare all</button>
          <button type="button" class="page-act" onClick={() => props.show([])}>None</button>
        </span>
      }
    >
      <ul class="what-ifs">{props.model.what_ifs.map((whatIf) => <One key={whatIf.name} whatIf={whatIf} {...props} />)}</ul>
    </Panel>
  );
}
