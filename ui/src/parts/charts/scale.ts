// Scales of charts.

export type Scale = (value: number) => number;

export function linear([from, to]: [number, number], [start, end]: [number, number]): Scale {
  const length = to - from || 1;
  return (value) => start + ((value - from) / length) * (end - start);
}

/** Round numbers within a range, about as many as wanted. */
export function ticks(low: number, high: number, wanted: number): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (raw / power >= 7.5 ? 10 : raw / power >= 3.5 ? 5 : raw / power >= 1.5 ? 2 : 1);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

/** From the smallest to the largest, and a little room; never without length. */
export function extent(values: (number | null | undefined)[], room = 0.04): [number, number] {
  const known = values.filter((value): value is number => Number.isFinite(value));
  if (!known.length) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const space = (high - low || Math.abs(high) || 1) * room;
  return [low === 0 ? 0 : low - space, high === 0 ? 0 : high + space];
}

let ruler: CanvasRenderingContext2D | null = null;

/** How wide a text is in the charts' font. */
export function widthOf(text: string): number {
  if (!ruler) {
    ruler = document.createElement("canvas").getContext("2d")!;
    ruler.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  }
  return ruler.measureText(text).width;
}

/** A text on as many lines of a width as it needs, two at most; the second is cut if there is yet more. */
export function lines(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const words = text.split(" ");
  let count = 1;
  while (count < words.length - 1 && widthOf(words.slice(0, count + 1).join(" ")) <= width) count++;
  if (words.length < 2) return [cut(text, width)];
  return [words.slice(0, count).join(" "), words.slice(count).join(" ")].map((line) => cut(line, width));
}

/** A text cut to a width; the whole of it then has to stand somewhere else. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = text.slice(0, -1);
  while (kept.length > 1 && widthOf(`${kept}…`) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}
