// One uncertain number: its middle on a track with its 90 % band, a field to type in, and its width.

import { useMemo, useRef, useState } from "preact/hooks";
import type { Model, Quantity } from "../types";
import { Loaded } from "./loaded";
import { memo } from "./memo";
import { band, between, choices, moved, read, readNumber, scaleOf, type Band, type Form } from "./ranges";

const source = () => import("./Source").then((found) => ({ default: found.Source }));
// Coarse enough that a single step is not lost when texts are rounded to three digits.
const STEPS = 200;

export interface SliderProps {
  model: Model;
  quantity: Quantity;
  /** What stands there now, and without the change that was made here. */
  text: string;
  before: string;
  onText: (path: string, text: string | null, settle: boolean) => void;
}

interface Track {
  to: (value: number) => number;
  from: (place: number) => number;
}

/** The track: wider than the file's band, on a scale of ratios for what is above 0 and spreads far. */
function trackOf(quantity: Quantity, shown: Band | null, ratios: boolean): Track {
  const twice = 2 * quantity.p50;
  const ends = quantity.high > quantity.low ? [quantity.low, quantity.high] : [Math.min(0, twice), Math.max(0, twice) || 1];
  const points = [...ends, shown?.p05 ?? quantity.p05, shown?.p95 ?? quantity.p95].filter(Number.isFinite);
  const log = ratios && Math.min(...points) > 0;
  const scale = log ? Math.log : (x: number) => x;
  const low = scale(Math.min(...points));
  const high = scale(Math.max(...points));
  const margin = log ? (high - low) / 4 : 0;
  const start = low - margin;
  const length = high + margin - start || 1;
  return {
    to: (value) => (scale(value) - start) / length,
    from: (place) => (log ? Math.exp(start + place * length) : start + place * length),
  };
}

/** A number for a field: three or four digits, in percent where the file writes percentages. */
function inField(value: number, percent: boolean): string {
  const shown = percent ? value * 100 : value;
  return String(Number(shown.toPrecision(Math.abs(shown) >= 100 ? 4 : 3)));
}

function NumberField(props: { label: string; value: number; percent: boolean; onValue: (value: number) => void }) {
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

function Width(props: { form: Form; shown: Band; name: string; unit: string; onForm: (form: Form) => void }) {
  const { form, shown, name } = props;
  const ends = (low: number, high: number) => low < high && props.onForm(between(form, low, high));
  const width = (factor: number) => props.onForm(moved(form, shown.p50, factor));
  if (form.kind === "fixed") return <p class="quiet">Taken as certain. Reset to have its range again.</p>;
  return (
    <div class="slider-width">
      <span class="quiet">90 % of worlds from</span>
      <NumberField label={`${name}: low end`} value={shown.p05} percent={form.percent} onValue={(low) => ends(low, shown.p95)} />
      <span class="quiet">to</span>
      <NumberField label={`${name}: high end`} value={shown.p95} percent={form.percent} onValue={(high) => ends(shown.p05, high)} />
      <span class="quiet">{props.unit}</span>
      <span class="slider-buttons">
        <button aria-label={`${name}: narrower`} onClick={() => width(0.75)}>narrower</button>
        <button aria-label={`${name}: wider`} onClick={() => width(1 / 0.75)}>wider</button>
        <button aria-label={`${name}: take the middle as certain`} onClick={() => props.onForm(certain(form, shown.p50))}>certain</button>
      </span>
    </div>
  );
}

const certain = (form: Form, value: number) => moved({ ...form, kind: "fixed", parameters: [value] }, value);

export const Slider = memo(function Slider(props: SliderProps) {
  const { quantity, text, before } = props;
  const onText = (next: string | null, settle: boolean) => props.onText(quantity.path, next, settle);
  const [open, setOpen] = useState(false);
  const held = useRef<Form | null>(null); // where the hand began: every place on the way is reckoned from there
  const form = useMemo(() => read(text), [text]);
  const start = held.current ?? form;
  const exact = text === quantity.text;
  const shown: Band | null = exact ? quantity : band(form);
  const settled = useMemo(() => (start.text === quantity.text ? quantity : band(start)), [start.text]);
  const ratios = ["log"].includes(scaleOf(read(quantity.text)));
  const track = useMemo(() => trackOf(quantity, settled, ratios), [quantity, settled, ratios]);
  const percent = form.percent;
  const unit = percent ? "%" : quantity.unit.replace(/^%$/, "");
  const changed = text !== before;
  const choice = read(quantity.text).kind === "choice" ? choices(read(quantity.text)) : null;
  const put = (next: Form) => onText(next.text, true);
  const drag = (event: { currentTarget: HTMLInputElement }, settle: boolean) => {
    held.current ??= form;
    const next = moved(held.current, track.from(Number(event.currentTarget.value) / STEPS));
    if (settle) held.current = null;
    onText(next.text, settle);
  };
  return (
    <li class="slider" data-changed={changed}>
      <div class="slider-head">
        <button class="slider-name" aria-expanded={open} onClick={() => setOpen(!open)}>
          {quantity.name.replace(/^actors\./, "")}
        </button>
        {!choice && shown && (
          <NumberField label={`${quantity.name}: middle`} value={shown.p50} percent={percent} onValue={(value) => put(moved(form, value))} />
        )}
        <span class="slider-unit">{unit}</span>
        <button class="plain reset" aria-label={`Reset ${quantity.name}`} data-shown={changed} disabled={!changed} onClick={() => onText(null, true)}>
          ↺
        </button>
      </div>
      {choice && <Choice quantity={quantity} values={choice} text={text} onText={onText} />}
      {!choice && shown && (
        <div class="track">
          <Bands track={track} shown={shown} file={quantity} changed={changed} />
          <input
            type="range"
            min={0}
            max={STEPS}
            value={Math.round(track.to(shown.p50) * STEPS)}
            aria-label={quantity.name}
            aria-valuetext={`${inField(shown.p50, percent)} ${unit}, 90 % of worlds from ${inField(shown.p05, percent)} to ${inField(shown.p95, percent)}`}
            onInput={(event) => drag(event, false)}
            onChange={(event) => drag(event, true)}
          />
        </div>
      )}
      {!choice && !shown && <p class="quiet">{text}</p>}
      {open && (
        <div class="slider-more">
          {quantity.says && <p>{quantity.says}</p>}
          {!choice && shown && <Width form={form} shown={shown} name={quantity.name} unit={unit} onForm={put} />}
          <p class="quiet">
            In the file: {quantity.text} {unit === "%" ? "" : unit}{" "}
            <Loaded load={source} props={{ because: quantity.because, line: quantity.line, model: props.model, what: quantity.name }} />
          </p>
        </div>
      )}
    </li>
  );
});

function Bands(props: { track: Track; shown: Band; file: Quantity; changed: boolean }) {
  const place = (one: Band) => {
    const from = Math.max(0, props.track.to(one.p05));
    const to = Math.min(1, props.track.to(one.p95));
    return { left: `${100 * from}%`, width: `${Math.max(0.5, 100 * (to - from))}%` };
  };
  return (
    <span class="bands" aria-hidden="true">
      {props.changed && <span class="band ghost" style={place(props.file)} />}
      <span class="band" style={place(props.shown)} />
    </span>
  );
}

function Choice(props: { quantity: Quantity; values: string[]; text: string; onText: (text: string | null, settle: boolean) => void }) {
  const { quantity, values } = props;
  return (
    <select
      aria-label={quantity.name}
      value={props.text}
      onChange={(event) => props.onText(event.currentTarget.value === quantity.text ? null : event.currentTarget.value, true)}
    >
      <option value={quantity.text}>as in the file: {quantity.text}</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {value}, for certain
        </option>
      ))}
    </select>
  );
}
