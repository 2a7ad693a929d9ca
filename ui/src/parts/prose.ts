// The little Markdown that the pages of codes are written in: headings, paragraphs, lists and fenced blocks.

export type Block = { kind: "title" | "text" | "code"; text: string } | { kind: "list"; items: string[] };

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ");

export function blocksOf(markdown: string): Block[] {
  const found: Block[] = [];
  // A fenced block may hold empty lines; all else ends at one.
  for (const [at, part] of markdown.split(/^```\w*\n([\s\S]*?)^```$/m).entries()) {
    if (at % 2) found.push({ kind: "code", text: part.replace(/\n$/, "") });
    else
      for (const text of part.split(/\n\s*\n/).map((one) => one.trim()).filter(Boolean)) {
        const title = /^#+ (.*)$/.exec(text);
        if (title) found.push({ kind: "title", text: title[1]! });
        else if (text.startsWith("- ")) found.push({ kind: "list", items: text.slice(2).split(/\n- /).map(oneLine) });
        else found.push({ kind: "text", text: oneLine(text) });
      }
  }
  return found;
}
