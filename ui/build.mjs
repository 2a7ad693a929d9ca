// Builds the page into the package. The same sources and the same locked packages give the same bytes anywhere.
import { build } from "esbuild";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? join(here, "../src/foederis/web/static");

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx", theme: "src/theme.css" },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  chunkNames: "[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
});
// The page of a notebook: one script and one style sheet, which apply inside a shadow root.
const notebook = await build({
  absWorkingDir: here,
  entryPoints: { widget: "src/widget.tsx" },
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
  write: false,
});
for (const { path, text } of notebook.outputFiles)
  await writeFile(path, path.endsWith(".css") ? text.replaceAll(":root", ":host").replaceAll(/(^|[},])body\{/g, "$1:host{") : text);
await copyFile(join(here, "src/index.html"), join(out, "index.html"));
