// What is written and not saved yet, kept in this tab so that nothing is lost when the page or the server goes away.

export interface Draft {
  text: string;
  /** The sha256 of the file that the text was made from. */
  sha256: string;
}

/** Files that go by another name now. */
export const gone = new Set<string>();

const key = (id: string) => `foederis-draft:${id}`;

export function readDraft(id: string): Draft | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(key(id)) ?? "null");
    return typeof found?.text === "string" && typeof found?.sha256 === "string" ? found : null;
  } catch {
    return null;
  }
}

/** Whether the draft could be kept; a tab has room for a few megabytes. */
export function keepDraft(id: string, draft: Draft | null): boolean {
  try {
    if (draft) sessionStorage.setItem(key(id), JSON.stringify(draft));
    else sessionStorage.removeItem(key(id));
    return true;
  } catch {
    return false;
  }
}

/** What is not saved goes along with a file that is renamed. */
export function moveDraft(from: string, to: string): void {
  const draft = readDraft(from);
  if (draft && keepDraft(to, draft)) keepDraft(from, null);
  gone.add(from);
}
