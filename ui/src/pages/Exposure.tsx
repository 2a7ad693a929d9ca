import type { PageProps } from ".";

export default function Exposure({ model }: PageProps) {
  return <p>{model.title}</p>;
}
