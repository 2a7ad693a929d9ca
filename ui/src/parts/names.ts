// What can be a name in the language: as docs/language.md says under "Names".

const RESERVED = new Set([
  "abs", "and", "else", "false", "if", "in", "losses", "max", "min", "no", "not", "or", "step", "to", "true", "type", "yes",
]);

/** Why this cannot be a name, or null if it can. */
export function wrongName(name: string, taken: string[]): string | null {
  if (!name) return "Give it a name.";
  if (!/^[A-Za-z_]/.test(name)) return "A name begins with a letter or _.";
  if (!/^[A-Za-z0-9_]+$/.test(name)) return "A name has letters without accents, digits and _ only.";
  if (RESERVED.has(name)) return `“${name}” is a word of the language.`;
  if (taken.includes(name)) return `There is a “${name}” already.`;
  return null;
}

/** A name made of a text, which is not taken. */
export function nameFrom(text: string, taken: string[]): string {
  const bare = text.replace(/[^A-Za-z0-9_]+/g, "_").replace(/_+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40).replace(/_+$/, "");
  const base = /^[A-Za-z_]/.test(bare) ? bare : `w_${bare}`.replace(/_+$/, "");
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}_${count}`;
    if (!wrongName(name, taken)) return name;
  }
}
