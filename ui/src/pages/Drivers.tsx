import type { PageProps } from ".";

export default function Drivers({ model }: PageProps) {
  return <p>{model.title}</p>;
}
