import type { PageProps } from ".";

export default function Why({ model }: PageProps) {
  return <p>{model.title}</p>;
}
