// One uncertain number: its middle on a track with its 90 % band, a field to type in, and its width.

import { useMemo, useRef, useState } from "preact/hooks";
import type { Model, Quantity } from "../types";
import { Loaded } from "./loaded";
import { memo } from "./memo";
import { inField, NumberField } from "./NumberField";
import { band, between, choices, fits, moved, read, scaleOf, type Band, type Form } from "./ranges";

const source = () => import("./Source").then((found) => ({ default: found.Source }));
// Coarse enough that a single step is not lost when texts are rounded to three digits.
const STEPS = 120;

interface SliderProps {
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

/** The track: wider than the bands on it, on a scale of ratios for what is above 0; never at an end that cannot be. */
function trackOf(quantity: Quantity, shown: Band | null, ratios: boolean, percent: boolean): Track {
  const points = [quantity.low, quantity.high, shown?.p05, shown?.p50, shown?.p95].filter((x): x is number => Number.isFinite(x));
  const log = ratios && Math.min(...points) > 0;
  const scale = log ? Math.log : (x: number) => x;
  const least = scale(Math.min(...points));
  const most = scale(Math.max(...points));
  const margin = (most - least) / 4;
  const positive = !log && least >= 0;
  const start = Math.max(least - margin, positive ? least / 4 : -Infinity);
  const end = Math.min(most + margin, percent && most < 1 ? 1 - (1 - most) / 4 : Infinity);
  const length = end - start || 1;
  return {
    to: (value) => (scale(value) - start) / length,
    from: (place) => (log ? Math.exp(start + place * length) : start + place * length),
  };
}

function Width(props: { form: Form; shown: Band; name: string; unit: string; onForm: (form: Form) => void }) {
  const { form, shown, name } = props;
  const ends = (low: number, high: number) => low < high && props.onForm(between(form, low, high));
  const width = (factor: number) => props.onForm(moved(form, shown.p50, factor));
  if (form.kind === "fixed") return <p class="quiet">Taken as certain. Reset to have its range again.</p>;
  return (
    <div class="slider-width">
      <span class="quiet">90 % within</span>
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

/** What the file says of a number, in a sentence or two. */
const reasons = ({ says, because }: Quantity) =>
  [says, ...because.map((one) => one.says || one.reason)].filter(Boolean).join(" ");

/** Names may break after an underscore or a dot. */
const breakable = (name: string) => name.split(/(?<=[_.])/).flatMap((part) => [part, <wbr />]);

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
  const track = useMemo(() => trackOf(quantity, settled, ratios, form.percent), [quantity, settled, ratios, form.percent]);
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
  // A hand that lets go where it began may bring no change event, and must not count as turning for ever.
  const release = ({ currentTarget }: { currentTarget: HTMLInputElement }) => setTimeout(() => held.current && drag({ currentTarget }, true));
  return (
    <li class="slider" data-changed={changed}>
      <div class="slider-head">
        <button class="slider-name" aria-expanded={open} title={reasons(quantity)} onClick={() => setOpen(!open)}>
          <span>{breakable(quantity.name.replace(/^actors\./, ""))}</span>
        </button>
        {!choice && shown && (
          <NumberField label={`${quantity.name}: middle`} value={shown.p50} percent={percent} onValue={(value) => put(fits(form, value) ? moved(form, value) : certain(form, value))} />
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
            onPointerUp={release}
            onPointerCancel={release}
            onBlur={release}
          />
        </div>
      )}
      {!choice && !shown && <p class="quiet">{text}</p>}
      {open && (
        <div class="slider-more">
          {reasons(quantity) && <p>{reasons(quantity)}</p>}
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
  const { quantity, values, text } = props;
  return (
    <select aria-label={quantity.name} value={text} onChange={(event) => props.onText(event.currentTarget.value, true)}>
      <option value={quantity.text}>as in the file: {quantity.text}</option>
      {text !== quantity.text && !values.includes(text) && <option value={text}>{text}</option>}
      {values.map((value) => (
        <option key={value} value={value}>
          {value}, for certain
        </option>
      ))}
    </select>
  );
}
