// What stands at a number of a crisis file, read from its text, moved, and written again in the file's own form.

import { betaQuantiles, normalQuantile, triangularQuantile } from "./quantiles";

type Name = "normal" | "lognormal" | "uniform" | "triangular" | "pert" | "beta";

/** `parameters` of a range are its ends, of a distribution its own; percentages are fractions. */
export interface Form {
  kind: "range" | "fixed" | "choice" | "other" | Name;
  parameters: number[];
  percent: boolean;
  /** The share of worlds within a range. */
  inside: number;
  /** What stands before and after, as in `every 3 to 6 weeks`. */
  before: string;
  after: string;
  text: string;
}

export interface Band {
  p05: number;
  p50: number;
  p95: number;
}

const NUMBER = String.raw`[-−+]?(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][-+]?\d+)?\s*%?`;
const RANGE = new RegExp(`^(${NUMBER})\\s+to\\s+(${NUMBER})(?:\\s*@\\s*(${NUMBER}))?$`);
const FIXED = new RegExp(`^${NUMBER}$`);
const CALL = /^(normal|lognormal|uniform|triangular|pert|beta|choice)\s*\((.*)\)$/;

export function readNumber(text: string): number {
  const plain = text.replace(/[_\s]/g, "").replace("−", "-");
  return plain.endsWith("%") ? Number(plain.slice(0, -1)) / 100 : Number(plain);
}

export function read(text: string): Form {
  const whole = text.trim();
  const every = /^(every\s+)(.*?)(\s+[a-z]+)$/.exec(whole);
  const inner = /^\{.*?\bvalue:\s*([^,}]+)/.exec(whole);
  const bare = (every?.[2] ?? inner?.[1] ?? whole).trim().replace(/^(["'])(.*)\1$/, "$2");
  const form = { before: every?.[1] ?? "", after: every?.[3] ?? "", percent: false, inside: 0.9, text: whole };
  if (FIXED.test(bare)) return { ...form, kind: "fixed", parameters: [readNumber(bare)], percent: bare.includes("%") };
  const range = RANGE.exec(bare);
  if (range) {
    const ends = [range[1]!, range[2]!];
    const inside = range[3] ? readNumber(range[3]) : 0.9;
    return { ...form, kind: "range", parameters: ends.map(readNumber), percent: ends[0]!.includes("%"), inside };
  }
  const call = CALL.exec(bare);
  const parts = call?.[2]!.split(",").map((part) => part.split("=")[0]!.trim()) ?? [];
  if (!call || !parts.every((part) => FIXED.test(part))) return { ...form, kind: "other", parameters: [] };
  const percent = parts.some((part) => part.includes("%"));
  return { ...form, kind: call[1] as Form["kind"], parameters: parts.map(readNumber), percent };
}

/** The values between which a choice falls, as they stand in its text. */
export function choices(form: Form): string[] {
  const inner = /\((.*)\)/.exec(form.text)?.[1] ?? "";
  return inner.split(",").map((part) => part.split("=")[0]!.trim());
}

// A range keeps its shape when it moves: on the scale on which it is normal.
const logit = (x: number) => Math.log(x / (1 - x));
const SCALES = {
  plain: { to: (x: number) => x, from: (y: number) => y },
  log: { to: Math.log, from: Math.exp },
  logit: { to: logit, from: (y: number) => 1 / (1 + Math.exp(-y)) },
};

export function scaleOf(form: Form): keyof typeof SCALES {
  if (form.kind === "lognormal") return "log";
  if (form.kind !== "range") return "plain";
  return form.percent ? "logit" : form.parameters[0]! > 0 ? "log" : "plain";
}

const deviations = (inside: number) => normalQuantile(0.5 + inside / 2);

/** The 5, 50 and 95 % points; null where only the server can tell. */
export function band(form: Form): Band | null {
  const [a = 0, b = 0, c = 0] = form.parameters;
  const z = deviations(0.9);
  const from = (points: number[]) => ({ p05: points[0]!, p50: points[1]!, p95: points[2]! });
  const shares = [0.05, 0.5, 0.95];
  if (form.kind === "fixed") return { p05: a, p50: a, p95: a };
  if (form.kind === "range") {
    const scale = SCALES[scaleOf(form)];
    const middle = (scale.to(a) + scale.to(b)) / 2;
    const half = (((scale.to(b) - scale.to(a)) / 2) * z) / deviations(form.inside);
    return from([middle - half, middle, middle + half].map(scale.from));
  }
  if (form.kind === "normal") return from([a - z * b, a, a + z * b]);
  if (form.kind === "lognormal") return from([a - z * b, a, a + z * b].map(Math.exp));
  if (form.kind === "uniform") return from(shares.map((share) => a + (b - a) * share));
  if (form.kind === "triangular") return from(shares.map((share) => triangularQuantile(a, b, c, share)));
  if (form.kind === "beta") return from(betaQuantiles(a, b, shares));
  if (form.kind !== "pert") return null;
  const rise = 1 + (4 * (b - a)) / (c - a);
  return from(betaQuantiles(rise, 6 - rise, shares).map((x) => a + (c - a) * x));
}

/** The first parameter of the beta distribution that has this median and this sum of parameters. */
function betaWith(sum: number, median: number): number {
  let [low, high] = [0, sum];
  for (let round = 0; round < 16; round++) {
    const first = (low + high) / 2;
    if (betaQuantiles(first, sum - first, [0.5])[0]! < median) low = first;
    else high = first;
  }
  return low;
}

/** The same form with its middle elsewhere, and its width (on its own scale) times a factor. */
export function moved(form: Form, median: number, width = 1): Form {
  const now = band(form);
  if (!now) return form;
  const [a = 0, b = 0] = form.parameters;
  if (form.kind === "fixed") return written(form, [median]);
  if (form.kind === "normal") return written(form, [median, b * width]);
  if (form.kind === "lognormal") return written(form, [Math.log(median), b * width]);
  if (form.kind === "beta") {
    const least = Math.min(0.5, a, b); // below a half the density piles up at the ends
    let sum = (a + b) / width ** 2; // the narrower, the larger
    let first = betaWith(sum, median);
    while (Math.min(first, sum - first) < least) {
      sum *= 1.5;
      first = betaWith(sum, median);
    }
    return written(form, [first, sum - first]);
  }
  if (form.kind === "range") {
    const scale = SCALES[scaleOf(form)];
    const half = ((scale.to(b) - scale.to(a)) / 2) * width;
    const ends = [scale.to(median) - half, scale.to(median) + half].map(scale.from);
    // A plain range above 0 would be read as lognormal: the normal one that is meant has to be named.
    if (scaleOf(form) === "plain" && ends[0]! > 0)
      return written({ ...form, kind: "normal" }, [median, half / deviations(form.inside)]);
    return written(form, ends);
  }
  // Bounded families keep inside the bounds that they kept so far, by becoming narrower near them.
  let factor = width;
  const [low, high] = [form.parameters[0]!, form.parameters.at(-1)!];
  if (low >= 0) factor = Math.min(factor, median / (now.p50 - low));
  if (form.percent && high <= 1) factor = Math.min(factor, (1 - median) / (high - now.p50));
  return written(form, form.parameters.map((x) => median + factor * (x - now.p50)));
}

/** Whether the form can have its middle there at all. */
export function fits(form: Form, median: number): boolean {
  if (form.kind === "fixed") return true;
  const scale = scaleOf(form);
  if (scale === "logit" || form.kind === "beta") return median > 0 && median < 1;
  if (scale === "log") return median > 0;
  const [low, high] = [form.parameters[0]!, form.parameters.at(-1)!];
  if (form.kind === "normal" || form.kind === "range") return true;
  return (low < 0 || median > 0) && (!form.percent || high > 1 || median < 1);
}

/** A range with these 5 and 95 % points, in percent if the form is. */
export function between(form: Form, low: number, high: number): Form {
  return written({ ...form, kind: "range", inside: 0.9 }, [low, high]);
}

/** Three digits, counted from the nearer end for a percentage, so that neither 0 nor 100 % is reached by rounding. */
function spell(value: number, percent: boolean, more = 0): string {
  if (!percent) return String(Number(value.toPrecision(3 + more)));
  const share = value * 100;
  const near = Math.min(share, 100 - share);
  if (!(near > 0)) return `${Number(share.toPrecision(12))}%`;
  const digits = Math.min(12, Math.max(0, 2 + more - Math.floor(Math.log10(near) + 1e-9)));
  return `${Number(share.toFixed(digits))}%`;
}

/** More digits for a narrow form far from 0, so that it can still be moved by a small part of its width. */
function moreDigits(parameters: number[], percent: boolean): number {
  const width = Math.max(...parameters) - Math.min(...parameters);
  if (percent || !(width > 0)) return 0;
  const power = (x: number) => Math.floor(Math.log10(x));
  return Math.max(0, power(Math.max(...parameters.map(Math.abs))) - power(width / 40) - 2);
}

function written(form: Form, parameters: number[]): Form {
  const percent = form.percent && !["lognormal", "beta"].includes(form.kind);
  let numbers = parameters.map((x) => spell(x, percent, moreDigits(parameters, percent)));
  const ends = form.kind === "range" || form.kind === "uniform";
  // Ends that differ must not become equal by rounding: the language refuses them.
  for (let more = 2; ends && numbers[0] === numbers[1] && more < 12; more++)
    numbers = parameters.map((x) => spell(x, percent, more));
  let body = `${form.kind}(${numbers.join(", ")})`;
  if (form.kind === "fixed") body = numbers[0]!;
  if (form.kind === "range") body = `${numbers.join(" to ")}${form.inside === 0.9 ? "" : ` @ ${spell(form.inside, true)}`}`;
  const text = form.before + body + form.after;
  return { ...form, parameters: numbers.map(readNumber), text };
}
