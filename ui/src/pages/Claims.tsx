import type { PageProps } from ".";

export default function Claims({ model }: PageProps) {
  return <p>{model.title}</p>;
}
