// What a message means, as `foederis explain` prints it, over the page.

import { useEffect, useState } from "preact/hooks";
import * as api from "../api";
import { ProgressLine } from "./common";
import { Dialog } from "./Dialog";
import { blocksOf } from "./prose";
import { Ticked } from "./Ticked";
import "./Explained.css";

export function Explained({ code, onClose }: { code: string; onClose: () => void }) {
  const [text, setText] = useState<string | null>(null);
  const [refused, setRefused] = useState("");
  useEffect(() => {
    api.explain(code).then((found) => setText(found.text), (error: Error) => setRefused(error.message));
  }, [code]);
  const [title, ...blocks] = blocksOf(text ?? "");
  return (
    <Dialog title={title?.kind === "title" ? title.text : code} onClose={onClose}>
      {refused ? <p role="alert" class="refused">{refused}</p> : text === null && <ProgressLine progress={null} />}
      <div class="explained">
        {blocks.map((block) => {
          if (block.kind === "title") return <h3>{block.text}</h3>;
          if (block.kind === "code") return <pre tabIndex={0} aria-label="Example"><code>{block.text}</code></pre>;
          if (block.kind === "list") return <ul>{block.items.map((item) => <li><Ticked text={item} /></li>)}</ul>;
          return <p><Ticked text={block.text} /></p>;
        })}
      </div>
      <p class="actions"><button type="button" autofocus onClick={onClose}>Close</button></p>
    </Dialog>
  );
}
