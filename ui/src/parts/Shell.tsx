// The frame around every page: where one is, where one can go, and whether the server is there.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { connected, refused, wanted } from "../live";
import { PAGE_OF } from "../pages";
import { link, PAGES, view } from "../url";
import { keep, kept } from "./kept";
import { KeyList, showKeys } from "./keys";

/** The title of the case that is open, once it is known. */
export const caseTitle = signal("");

const THEMES = ["system", "light", "dark"] as const;

const keptTheme = () => kept("theme") ?? "system";

function show(theme: string): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

show(keptTheme());

function Theme() {
  const [theme, setTheme] = useState(keptTheme());
  const choose = (chosen: string) => {
    setTheme(chosen);
    show(chosen);
    keep("theme", chosen);
  };
  return (
    <select class="theme" aria-label="Colours" title="Colours" value={theme} onChange={(event) => choose(event.currentTarget.value)}>
      {THEMES.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

function Lost() {
  const says = refused.value;
  const lost = says !== "" || (wanted.value && !connected.value);
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!lost) return setTold(false);
    const timer = setTimeout(() => setTold(true), 1000);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" class="lost" hidden={!told}>
      {told && (says
        ? `The server does not serve this page: ${says}. The page tries again by itself.`
        : "No connection to the server. What you see stays; the page tries again by itself. Is foederis serve running? If it was started anew, open the address that it printed.")}
    </div>
  );
}

function Tabs() {
  const { id, page } = view.value;
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // Along the row only: `scrollIntoView` would move the page under the header too.
    const show = () => {
      const tab = here.current;
      const row = tab?.parentElement;
      if (!tab || !row) return;
      const start = tab.offsetLeft - row.offsetLeft;
      row.scrollLeft = Math.min(start, Math.max(row.scrollLeft, start + tab.offsetWidth - row.clientWidth));
    };
    show();
    addEventListener("resize", show); // a phone that is turned has less room
    return () => removeEventListener("resize", show);
  }, [page]);
  if (id === null) return null;
  return (
    <nav class="tabs" aria-label="Pages of the case">
      {PAGES.map((one) => (
        <a
          key={one}
          href={link({ page: one, more: {} })}
          ref={one === page ? here : undefined}
          aria-current={one === page ? "page" : undefined}
        >
          {PAGE_OF[one].title}
        </a>
      ))}
    </nav>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const { id, page } = view.value;
  const title = id === null ? "Cases" : `${PAGE_OF[page].title}: ${caseTitle.value || id}`;
  const first = useRef(true);
  useEffect(() => {
    document.title = `${title} · Foederis`;
  }, [title]);
  useEffect(() => {
    // Whoever follows a link should hear or see where it led; the first page is left to the browser.
    if (!first.current) document.getElementById("heading")?.focus();
    first.current = false;
  }, [id, page]);
  return (
    <>
      <a class="skip" href="#heading" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <div class="top-row">
          <a class="home" href="#/">
            Foederis
          </a>
          <span class="case-title">{id === null ? "" : caseTitle.value}</span>
          <button class="plain" onClick={showKeys} aria-label="Keys" title="Keys">
            ?
          </button>
          <Theme />
        </div>
        <Tabs />
      </header>
      <Lost />
      <main>{children}</main>
      <KeyList />
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault(); // the address holds the view, not a place in the page
  document.getElementById("heading")?.focus();
}
