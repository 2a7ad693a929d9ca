// From a driver to its slider, which stands beside the page.

/** Brings a quantity's slider into sight and puts the keyboard on it; `from` says in which page, as a notebook holds several. */
export function turnTo(name: string, from: Element): void {
  const beside = (from.getRootNode() as ParentNode).querySelector<HTMLDetailsElement>("details.sliders");
  if (!beside) return;
  beside.open = true;
  const found = [...beside.querySelectorAll<HTMLElement>("input[type=range], select")].find((one) => one.getAttribute("aria-label") === name);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  found?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  found?.focus({ preventScroll: true });
}
