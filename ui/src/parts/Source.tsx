// What a number or an item rests on: a button, and a card that it opens.

import { useId, useRef, useState } from "preact/hooks";
import type { Because, Model } from "../types";
import { link } from "../url";
import { CREDIBILITY, RELIABILITY, code, sourced } from "./admiralty";
import "./Source.css";

/** What the button says. */
function sourceWord(because: Because[]): string {
  const from = sourced(because);
  if (!because.length) return "no reason";
  if (!from.length) return "author";
  const first = code(from[0]!);
  return `source${first ? ` ${first}` : ""}${from.length > 1 ? ` + ${from.length - 1}` : ""}`;
}

function Admiralty({ reason }: { reason: Because }) {
  const letter = reason.reliability;
  const digit = reason.credibility;
  return (
    <>
      <p class="code">
        Source: {letter ? `${RELIABILITY[letter]} (${letter})` : "its reliability is not said"}
      </p>
      <p class="code">
        What it says here: {digit ? `${CREDIBILITY[digit]} (${digit})` : "its credibility is not said"}
      </p>
    </>
  );
}

/** One reason, as a reader needs it; `among` says that others, with a source, stand beside it. */
function Reason({ reason, model, among }: { reason: Because; model: Model; among: boolean }) {
  const source = model.sources.find((one) => one.name === reason.source);
  const title = reason.title ?? source?.title ?? reason.source;
  const address = source?.url && /^https?:/.test(source.url) ? source.url : null;
  const why = reason.reason && reason.reason !== reason.says ? reason.reason : null;
  return (
    <>
      {!reason.source ? among && <p class="title">The author's own judgement</p> : <p class="title">
        {address ? <a href={address} target="_blank" rel="noreferrer noopener">{title}</a> : title}
        {source?.date && <span class="where">, {source.date}</span>}
      </p>}
      {reason.where && <p class="where">{reason.where}</p>}
      {reason.says && <p>{reason.says}</p>}
      {why && <p>{why}</p>}
      {reason.quote && <blockquote>{reason.quote}</blockquote>}
      {reason.source && <Admiralty reason={reason} />}
    </>
  );
}

/** Where the card goes: under its button, above it where there is no room, always within the window; it scrolls along. */
function place(button: HTMLElement, card: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - size.width - 8));
  const below = at.bottom + 6;
  const top = below + size.height <= innerHeight - 8 ? below : Math.max(8, at.top - size.height - 6);
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${top + scrollY}px`;
}

interface SourceProps {
  because: Because[];
  /** The line of the item in the file, from 1; 0 where there is none. */
  line: number;
  model: Model;
  /** What it is that rests on this, for readers who do not see what stands beside the button. */
  what?: string;
}

export function Source(props: SourceProps) {
  const { because, line, model } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(false);
  const bare = !sourced(because).length;
  const toggled = (event: Event) => {
    const open = (event as ToggleEvent).newState === "open";
    setShown(open);
    if (open) place(button.current!, card.current!);
  };
  return (
    <>
      <button
        type="button" ref={button} class={bare ? "source-button bare" : "source-button"} popovertarget={id} aria-expanded={shown}
        aria-label={`What ${props.what ?? "this"} rests on: ${sourceWord(because)}`}
      >
        {sourceWord(because)}
      </button>
      <div ref={card} id={id} class="source-card" popover="auto" role="dialog" aria-label={`What ${props.what ?? "this"} rests on`} onToggle={toggled}>
        {shown && (
          <>
            {bare && <p class="title">Rests on nothing but the author.</p>}
            {!because.length && <p>No reason is given.</p>}
            <ul>{because.map((reason) => <li><Reason reason={reason} model={model} among={!bare} /></li>)}</ul>
            <footer>
              {line > 0 ? <a href={link({ page: "edit", more: { line: String(line) } })}>Line {line} of the file</a> : <span />}
              <button type="button" onClick={() => card.current?.hidePopover()}>Close</button>
            </footer>
          </>
        )}
      </div>
    </>
  );
}
