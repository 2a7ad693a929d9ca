// How the text looks: colours of YAML and of the expressions in it, from the theme's variables.

import { HighlightStyle, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { SyntaxNode } from "@lezer/common";
import { PROSE } from "./complete";

const style = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--accent)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--quiet)" },
  { tag: tags.special(tags.string), color: "var(--ink)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "0.88rem", background: "var(--raised)", color: "var(--ink)" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--ground)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-activeLineGutter": { background: "color-mix(in srgb, var(--accent) 14%, transparent)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-searchMatch": { background: "color-mix(in srgb, var(--warn) 30%, transparent)" },
  ".cm-searchMatch-selected": { background: "color-mix(in srgb, var(--warn) 60%, transparent)" },
  ".cm-panels": { background: "var(--ground)", color: "var(--ink)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield, .cm-button": { font: "inherit", background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "4px", backgroundImage: "none" },
  ".cm-tooltip": { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px", boxShadow: "0 4px 16px rgb(0 0 0 / 20%)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--ground)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.8", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "22rem", padding: "0.5rem 0.7rem", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", padding: "0.4rem 0.7rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dashed var(--warn)", textUnderlineOffset: "3px" },
  ".cm-foldPlaceholder": { background: "none", color: "var(--quiet)", border: "1px solid var(--line)" },
  ".cm-x-number": { color: "var(--good)" },
  ".cm-x-word": { color: "var(--warn)", fontWeight: "600" },
});

const TOKEN = /(\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?%?(?!\w))|\b(and|or|not|in|if|else|to|min|max|abs|losses|step|type|yes|no|flag|normal|lognormal|uniform|triangular|pert|beta|choice|every|rises|falls)\b/g;
const NUMBER = Decoration.mark({ class: "cm-x-number" });
const WORD = Decoration.mark({ class: "cm-x-word" });

function keyOf(node: SyntaxNode, view: EditorView): string {
  for (let up: SyntaxNode | null = node; up; up = up.parent)
    if (up.name === "Pair") {
      const key = up.getChild("Key");
      return key ? view.state.sliceDoc(key.from, key.to) : "";
    }
  return "";
}

/** Numbers and words of the language within the values that are no prose. */
function expressions(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges)
    syntaxTree(view.state).iterate({
      from, to,
      enter(ref) {
        if (!["Literal", "QuotedLiteral", "BlockLiteralContent"].includes(ref.name)) return;
        if (ref.node.parent?.name === "Key" || PROSE.has(keyOf(ref.node, view))) return;
        const start = Math.max(ref.from, from);
        for (const found of view.state.sliceDoc(start, Math.min(ref.to, to)).matchAll(TOKEN))
          builder.add(start + found.index, start + found.index + found[0].length, found[1] ? NUMBER : WORD);
      },
    });
  return builder.finish();
}

const marked = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = expressions(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state))
        this.decorations = expressions(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const look = [theme, syntaxHighlighting(style), marked];
