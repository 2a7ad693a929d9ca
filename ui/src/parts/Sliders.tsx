// Everything that can be turned: what-ifs, clauses of treaties, and every uncertain number.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Changes, Model, Quantity } from "../types";
import { nowAt, underWhatIfs, withText, withWhatIf } from "./changes";
import { useLatest } from "./memo";
import { Slider } from "./Slider";
import "./Sliders.css";

interface SlidersProps {
  model: Model;
  changes: Changes;
  setChanges: (changes: Changes, settle: boolean) => void;
}

/** The actor or treaty that a number's name begins with; "" for none. */
function groupOf(model: Model, quantity: Quantity): string {
  const names = [...model.actors, ...model.treaties].map((one) => one.name);
  const path = /^(?:actors|treaties|interests)\.(\w+)\./.exec(quantity.path)?.[1];
  return path ?? names.find((name) => quantity.name === name || quantity.name.startsWith(`${name}_`)) ?? "";
}

function groups(model: Model, shown: Quantity[]): [string, Quantity[]][] {
  const found = new Map<string, Quantity[]>();
  for (const quantity of shown) {
    const group = quantity.uncertain ? groupOf(model, quantity) : "fixed numbers";
    found.set(group, [...(found.get(group) ?? []), quantity]);
  }
  const order = (group: string) => (group === "fixed numbers" ? 2 : group === "" ? 1 : 0);
  return [...found].sort(([a], [b]) => order(a) - order(b));
}

function WhatIfs({ model, changes, setChanges }: SlidersProps) {
  if (!model.what_ifs.length) return null;
  return (
    <fieldset class="switches">
      <legend>What if</legend>
      {model.what_ifs.map((one) => (
        <label key={one.name}>
          <input
            type="checkbox"
            role="switch"
            checked={changes.on.includes(one.name)}
            onChange={(event) => setChanges(withWhatIf(changes, one.name, event.currentTarget.checked), true)}
          />
          <span>{one.says || one.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Treaties({ model, changes, setChanges }: SlidersProps) {
  const clauses = model.treaties.flatMap((treaty) => treaty.clauses.map((clause) => ({ treaty, clause })));
  if (!clauses.length) return null;
  return (
    <fieldset class="clauses">
      <legend>Treaties</legend>
      {clauses.map(({ treaty, clause }) => {
        const now = nowAt(model, changes, clause.path) ?? clause.current;
        const options = [...new Set([clause.current, ...clause.options, now])];
        return (
          <label key={clause.path}>
            <span>
              {treaty.name}: {clause.label}
            </span>
            <select value={now} onChange={(event) => setChanges(withText(model, changes, clause.path, event.currentTarget.value), true)}>
              {options.map((option) => (
                <option key={option} value={option}>
                  {option.replace(/^\[(.*)\]$/, "$1") || "nothing"}
                  {option === clause.current ? " (as in the file)" : ""}
                </option>
              ))}
            </select>
          </label>
        );
      })}
    </fieldset>
  );
}

function Numbers({ model, changes, setChanges }: SlidersProps) {
  const [filter, setFilter] = useState("");
  const [first, setFirst] = useState<string[]>([]); // as it was when that was asked for: no row moves away under a hand
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const turnable = useMemo(() => model.quantities.filter((one) => !one.formula && one.path), [model]);
  const shown = turnable.filter((one) => {
    const text = `${one.name} ${one.says} ${one.because.map((why) => `${why.says ?? ""} ${why.reason ?? ""}`).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const changed = shown.filter((one) => first.includes(one.path));
  const rest = groups(model, shown.filter((one) => !first.includes(one.path)));
  const all: [string, Quantity[]][] = changed.length ? [["changed", changed], ...rest] : rest;
  const onText = useLatest((path: string, text: string | null, settle: boolean) => setChanges(withText(model, changes, path, text), settle));
  const row = (quantity: Quantity) => (
    <Slider
      key={quantity.path}
      model={model}
      quantity={quantity}
      text={nowAt(model, changes, quantity.path) ?? quantity.text}
      before={underWhatIfs(model, changes, quantity.path) ?? quantity.text}
      onText={onText}
    />
  );
  return (
    <>
      <div class="slider-find">
        <input
          id="find-number"
          type="search"
          placeholder={`Find among ${turnable.length} numbers`}
          aria-label="Find a number"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <label>
          <input type="checkbox" onChange={(event) => setFirst(event.currentTarget.checked ? Object.keys(changes.set) : [])} /> changed first
        </label>
      </div>
      {shown.length === 0 && <p class="quiet">No number has these words.</p>}
      {all.map(([group, quantities]) =>
        group === "fixed numbers" && !words.length ? (
          <details key={group} class="slider-group">
            <summary>fixed numbers ({quantities.length})</summary>
            <ul>{quantities.map(row)}</ul>
          </details>
        ) : (
          <section key={group} class="slider-group" aria-label={group || "other numbers"}>
            {all.length > 1 && <h3>{group || "other numbers"}</h3>}
            <ul>{quantities.map(row)}</ul>
          </section>
        ),
      )}
    </>
  );
}

const WIDE = "(min-width: 62rem)";

/** On a wide window beside the page; on a narrow one folded above it. */
export function Sliders(props: SlidersProps) {
  const [open, setOpen] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const wide = matchMedia(WIDE);
    const follow = () => setOpen(wide.matches);
    wide.addEventListener("change", follow);
    return () => wide.removeEventListener("change", follow);
  }, []);
  const count = props.changes.on.length + Object.keys(props.changes.set).length;
  return (
    <details class="sliders" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Turn the numbers{count ? ` (${count} changed)` : ""}</summary>
      <div class="sliders-body">
        <Numbers {...props} />
        <Treaties {...props} />
        <WhatIfs {...props} />
      </div>
    </details>
  );
}
