// A drawing of the page as a file that looks right alone: what style sheets say is written into it.

const KEPT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "color", "font-family", "font-size", "font-weight", "font-style", "font-variant-numeric", "letter-spacing", "text-anchor",
  "dominant-baseline", "paint-order", "visibility",
];
const DROPPED = ["class", "style", "tabindex", "data-focus", "aria-describedby", "aria-labelledby"];

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

/** The drawing on a light or a dark ground, with its size in pixels. */
export function standalone(drawing: SVGElement, ground: Ground): { text: string; width: number; height: number } {
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
    copy.setAttribute("xmlns", NAMESPACE);
    copy.setAttribute("width", String(Math.ceil(width)));
    copy.setAttribute("height", String(Math.ceil(height)));
    if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const paper = document.createElementNS(NAMESPACE, "rect");
    paper.setAttribute("width", "100%");
    paper.setAttribute("height", "100%");
    paper.setAttribute("fill", ground === "light" ? "#ffffff" : "#15171a");
    copy.prepend(paper);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  } finally {
    frame.remove();
  }
}

/** The drawing as PNG, two dots for each pixel of the page. */
export async function png(drawing: SVGElement, ground: Ground): Promise<Blob> {
  const { text, width, height } = standalone(drawing, ground);
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

/** Hands a file to the reader. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
