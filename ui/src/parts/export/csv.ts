// Tables as CSV after RFC 4180.

export type Cell = string | number | boolean | null | undefined;

// What a spreadsheet would take for a formula at the start of a cell; full-width signs are read as formulas too.
const FORMULA = /^\s*[=+\-@\t\r\n＝＋－＠]/;
const QUOTED = /[",\r\n]/;

function field(cell: Cell): string {
  if (cell === null || cell === undefined || (typeof cell === "number" && !Number.isFinite(cell))) return "";
  if (typeof cell !== "string") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV: fields with commas, quotes or breaks in quotes, lines ended by CRLF, no text that is run as a formula. */
export function toCsv(rows: Cell[][]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
