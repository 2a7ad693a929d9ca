import type { PageProps } from ".";

export default function WhatIfs({ model }: PageProps) {
  return <p>{model.title}</p>;
}
