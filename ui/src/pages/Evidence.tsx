import type { PageProps } from ".";

export default function Evidence({ model }: PageProps) {
  return <p>{model.title}</p>;
}
