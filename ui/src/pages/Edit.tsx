// The text of a case.

import { EditFile } from "../parts/EditFile";
import { view } from "../url";
import type { PageProps } from ".";

export default function Edit({ model, reload }: PageProps) {
  return <EditFile id={model.id} line={view.value.more.line} reload={reload} />;
}
