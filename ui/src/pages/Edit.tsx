import type { PageProps } from ".";

export default function Edit({ model }: PageProps) {
  return <p>{model.title}</p>;
}
