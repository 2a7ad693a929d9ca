// A drawing of the page as a file that looks right alone: what style sheets say is written into it.

const KEPT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "color", "font-family", "font-size", "font-weight", "font-style", "font-variant-numeric", "letter-spacing", "text-anchor",
  "dominant-baseline", "paint-order", "visibility",
];
const DROPPED = ["class", "style", "tabindex", "data-focus", "aria-describedby", "aria-labelledby"];

/** What stands above and below a drawing on the page, and has to stand in the picture. */
export interface Words {
  title: string;
  says: string;
}

export type Ground = "light" | "dark";
const NAMESPACE = "http://www.w3.org/2000/svg";

/** Writes into a copy how its original is shown, element by element. */
function settle(copy: Element, shown: Element): void {
  const style = getComputedStyle(shown);
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    if (value) copy.setAttribute(name, value.replaceAll('"', "'"));
  }
  for (const name of DROPPED) copy.removeAttribute(name);
  const inner = [...copy.children];
  inner.forEach((child, place) => {
    const original = shown.children[place]!;
    if (child.localName === "style" || getComputedStyle(original).display === "none") child.remove();
    else settle(child, original);
  });
}

const INK = { light: "#1c1e21", dark: "#e8e6e1" };
const PAPER = { light: "#ffffff", dark: "#15171a" };
const FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
const PAD = 16;
const LINE = 18;

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** A text in lines no wider than there is room. */
function wrapped(text: string, font: string, width: number): string[] {
  const ruler = document.createElement("canvas").getContext("2d")!;
  ruler.font = font;
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function written(lines: string[], top: number, ground: Ground, size: number, weight: number): SVGElement[] {
  return lines.map((line, place) => {
    const text = element("text", { x: PAD, y: top + LINE * place + 13, "font-family": FONT, "font-size": size, "font-weight": weight, fill: INK[ground] });
    text.textContent = line;
    return text;
  });
}

/** The copy on its ground, with its words around it. */
function sheet(copy: SVGElement, width: number, height: number, ground: Ground, words?: Words): { root: SVGElement; width: number; height: number } {
  const pad = words ? PAD : 0;
  const title = words ? wrapped(words.title, `650 15px ${FONT}`, width) : [];
  const says = words ? wrapped(words.says, `13px ${FONT}`, width) : [];
  const top = pad + title.length * LINE + (title.length ? 8 : 0);
  const all = { width: Math.ceil(width + 2 * pad), height: Math.ceil(top + height + (says.length ? 8 : 0) + says.length * LINE + pad) };
  const root = element("svg", { xmlns: NAMESPACE, ...all, viewBox: `0 0 ${all.width} ${all.height}` });
  copy.setAttribute("x", String(pad));
  copy.setAttribute("y", String(top));
  root.append(element("rect", { width: "100%", height: "100%", fill: PAPER[ground] }), ...written(title, pad, ground, 15, 650), copy, ...written(says, top + height + 8, ground, 13, 400));
  return { root, ...all };
}

/** The drawing on a light or a dark ground, with its size in pixels. */
export function standalone(drawing: SVGElement, ground: Ground, words?: Words): { text: string; width: number; height: number } {
  const { width, height } = drawing.getBoundingClientRect();
  // Beside the drawing, so that the same rules hold; `light-dark()` then follows the scheme of this frame.
  const frame = document.createElement("div");
  frame.style.cssText = `color-scheme: ${ground}; color: var(--ink); position: absolute; left: -99999px; width: ${width}px;`;
  frame.append(drawing.cloneNode(true));
  drawing.parentElement!.append(frame);
  try {
    const shown = frame.firstElementChild!;
    const copy = shown.cloneNode(true) as SVGElement;
    settle(copy, shown);
    copy.setAttribute("width", String(Math.ceil(width)));
    copy.setAttribute("height", String(Math.ceil(height)));
    if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const made = sheet(copy, width, height, ground, words);
    return { text: new XMLSerializer().serializeToString(made.root), width: made.width, height: made.height };
  } finally {
    frame.remove();
  }
}

/** The drawing as PNG, two dots for each pixel of the page. */
export async function png(drawing: SVGElement, ground: Ground, words?: Words): Promise<Blob> {
  const { text, width, height } = standalone(drawing, ground, words);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * 2);
  canvas.height = Math.ceil(height * 2);
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not draw the picture."))), "image/png"),
  );
}
