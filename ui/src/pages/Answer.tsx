import type { PageProps } from ".";

export default function Answer({ model }: PageProps) {
  return <p>{model.title}</p>;
}
