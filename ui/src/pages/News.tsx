import type { PageProps } from ".";

export default function News({ model }: PageProps) {
  return <p>{model.title}</p>;
}
