// The files that were opened in the editor since the page was loaded.

import { gone } from "./drafts";
import { Sheet } from "./sheet";

const sheets = new Map<string, Sheet>();

export function sheetOf(id: string): Sheet {
  if (gone.delete(id)) sheets.delete(id);
  const found = sheets.get(id) ?? new Sheet(id);
  sheets.set(id, found);
  return found;
}

addEventListener("beforeunload", (event) => {
  const unsaved = [...sheets.values()].filter((sheet) => sheet.dirty.value && !gone.has(sheet.id));
  for (const sheet of unsaved) sheet.keep();
  if (unsaved.length) event.preventDefault();
});
