// A message of the package, in which words of the file stand between backticks.

export function Ticked({ text }: { text: string }) {
  return <>{text.split("`").map((part, at) => (at % 2 ? <code>{part}</code> : part))}</>;
}
