import type { PageProps } from ".";

export default function Histories({ model }: PageProps) {
  return <p>{model.title}</p>;
}
