import type { PageProps } from ".";

export default function Ties({ model }: PageProps) {
  return <p>{model.title}</p>;
}
