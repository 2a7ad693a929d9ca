// A case in a notebook: the pages that need no folder of files, answered by the notebook's kernel.

import { render } from "preact";
import { silent, through } from "./live";
import Answer from "./pages/Answer";
import "./pages/Case.css";
import Claims from "./pages/Claims";
import Drivers from "./pages/Drivers";
import Exposure from "./pages/Exposure";
import Histories from "./pages/Histories";
import Ties from "./pages/Ties";
import WhatIfs from "./pages/WhatIfs";
import Why from "./pages/Why";
import { drawIn } from "./parts/answer/forExport";
import { ChangesList } from "./parts/ChangesBar";
import { ProgressLine } from "./parts/common";
import "./parts/shell.css";
import { Sliders } from "./parts/Sliders";
import { Standing, Unsolved } from "./parts/Standing";
import { useChanges } from "./parts/useChanges";
import { useLive } from "./parts/useLive";
import "./theme.css";
import type { Model } from "./types";
import { read, unbind, view, type Page } from "./url";
import "./widget.css";

const SHOWN = {
  answer: { title: "Answer", page: Answer },
  why: { title: "Why", page: Why },
  drivers: { title: "Drivers", page: Drivers },
  "what-ifs": { title: "What if", page: WhatIfs },
  claims: { title: "Claims", page: Claims },
  exposure: { title: "Exposure", page: Exposure },
  histories: { title: "Histories", page: Histories },
  ties: { title: "Ties", page: Ties },
};
type Shown = keyof typeof SHOWN;

const isShown = (page: Page): page is Shown => page in SHOWN;

function Tabs({ page }: { page: Shown }) {
  return (
    <div class="tabs" role="group" aria-label="Pages of the case">
      {Object.entries(SHOWN).map(([name, one]) => (
        <button key={name} class="plain" aria-pressed={name === page} onClick={() => (view.value = { ...view.value, page: name as Shown, more: {} })}>
          {one.title}
        </button>
      ))}
    </div>
  );
}

function Notebook({ model }: { model: Model }) {
  const turning = useChanges();
  const live = useLive(model, turning.shown, !turning.turning);
  const page = isShown(view.value.page) ? view.value.page : "answer";
  const asked = model.questions.find((one) => one.name === view.value.question) ?? model.questions[0];
  const Showing = SHOWN[page].page;
  return (
    <div class="notebook">
      <header class="page-head">
        <h2>{model.title}</h2>
        <Standing live={live} turning={turning.turning} />
      </header>
      {silent.value && (
        <p class="silent" role="status">
          The notebook's kernel does not answer. It may be busy with another cell; if it was started anew, or the notebook
          was opened again, run this cell once more.
        </p>
      )}
      <Tabs page={page} />
      <div class="case-page" data-turned="true">
        <div class="case-main">
          {live.error && <Unsolved live={live} turning={turning} />}
          <Showing
            key={page} model={model} changes={turning.settled} question={asked?.name ?? ""} now={live.now}
            saved={live.saved} setChanges={turning.setChanges} reload={() => {}}
          />
          {!live.now && !live.error && <ProgressLine progress={live.progress} />}
        </div>
        <Sliders model={model} changes={turning.shown} setChanges={turning.setChanges} />
        <ChangesList model={model} turning={turning} />
      </div>
    </div>
  );
}

interface Kernel {
  get: (name: string) => any;
  send: (message: object) => void;
  on: (event: string, heard: (message: any) => void) => void;
  off: (event: string, heard: (message: any) => void) => void;
}

/** Whether the notebook is dark, which need not be what the system is. */
function isDark(element: HTMLElement): boolean {
  const told = document.body.dataset.jpThemeLight; // what a theme of Jupyter says of itself
  if (told !== undefined) return told === "false";
  for (let at: Element | null = element; at; at = at.parentElement) {
    const [red = 0, green = 0, blue = 0, solid = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (solid > 0.5) return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
  }
  return false;
}

/** Keeps the colours of an element those of its notebook; returns what ends that. */
function followTheme(element: HTMLElement): () => void {
  const look = () => (element.style.colorScheme = isDark(element.parentElement ?? document.body) ? "dark" : "light");
  const themes = new MutationObserver(look);
  for (const place of [document.documentElement, document.body]) themes.observe(place, { attributes: true });
  look();
  return () => themes.disconnect();
}

/**
 * Keeps keys from the notebook while its page here has the focus: to it `0 0` is "start the kernel anew", also in a
 * field for numbers, since it cannot see into the page. Saving stays with the notebook. Returns what ends that.
 */
function keepKeys(element: HTMLElement): () => void {
  // On the window, since Jupyter listens on the document; this attribute is how one tells it to let a key be.
  const before = (event: KeyboardEvent) =>
    element.toggleAttribute("data-lm-suppress-shortcuts", !((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s"));
  addEventListener("keydown", before, true);
  return () => removeEventListener("keydown", before, true);
}

/** Shows a case in an element of a notebook, with styles that reach nothing else of it. */
export function show(kernel: Kernel, element: HTMLElement): () => void {
  const model: Model = kernel.get("_model");
  unbind({ id: model.id });
  const heard = through((message) => kernel.send(message));
  kernel.on("msg:custom", heard);
  const inside = element.attachShadow({ mode: "open" });
  const styles = document.createElement("style");
  styles.textContent = kernel.get("_styles");
  const root = document.createElement("div");
  inside.append(styles, root);
  drawIn(inside);
  // Links of the pages lead to other pages; what is not here, as the editor, has none.
  inside.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a[href^='#/']");
    if (!link) return;
    event.preventDefault();
    const next = read(link.getAttribute("href")!);
    if (isShown(next.page)) view.value = { ...next, id: model.id };
  });
  render(<Notebook model={model} />, root);
  const ends = [followTheme(element), keepKeys(element)];
  return () => {
    for (const end of ends) end();
    render(null, root);
    kernel.off("msg:custom", heard);
  };
}
