// The order of play, read off what `foederis show` prints.

export interface TurnShown {
  name: string;
  actor: string;
  /** Turns that are taken at the same time. */
  together: string;
}

export interface Order {
  turns: TurnShown[];
  events: { name: string; outcomes: string[] }[];
}

function section(lines: string[], title: string): string[][] {
  const start = lines.findIndex((line) => line.trim() === title);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.trim());
  const rows: string[][] = [];
  for (const line of rest.slice(0, end < 0 ? undefined : end)) {
    // A line that begins further in goes on with the cells of the one before.
    if (/^ {2}\S/.test(line)) rows.push(line.trim().split(/ {2,}/));
  }
  return rows;
}

export function orderOf(text: string): Order {
  const lines = text.split("\n");
  return {
    turns: section(lines, "Turns, in order").map((cells) => {
      const found = /^(.*?) \((.*)\)$/.exec(cells[0]!);
      return { name: found ? found[1]! : cells[0]!, actor: found ? found[2]! : cells[0]!, together: cells.find((cell) => cell.startsWith("together with")) ?? "" };
    }),
    events: section(lines, "Events, in order").map(([name, outcomes]) => ({ name: name!, outcomes: outcomes ? outcomes.split(", ") : [] })),
  };
}
