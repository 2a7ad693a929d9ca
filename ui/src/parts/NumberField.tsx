// A field for a number: what is typed counts once it is left or Enter is pressed.

import { useState } from "preact/hooks";
import { readNumber } from "./ranges";

/** A number for a field: three or four digits, in percent where the file writes percentages. */
export function inField(value: number, percent: boolean): string {
  const shown = percent ? value * 100 : value;
  return String(Number(shown.toPrecision(Math.abs(shown) >= 100 ? 4 : 3)));
}

export function NumberField(props: { label: string; value: number; percent: boolean; onValue: (value: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed === null ? null : readNumber(props.percent && !typed.includes("%") ? `${typed}%` : typed);
  const bad = value !== null && (typed!.trim() === "" || !Number.isFinite(value));
  const send = () => {
    if (value !== null && !bad) props.onValue(value);
    if (!bad) setTyped(null);
  };
  return (
    <input
      class="number"
      inputMode="decimal"
      aria-label={props.label}
      aria-invalid={bad || undefined}
      value={typed ?? inField(props.value, props.percent)}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={send}
      onKeyDown={(event) => {
        if (event.key === "Enter") send();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
