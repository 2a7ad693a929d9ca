import { useEffect, useState } from "preact/hooks";
import * as api from "../api";
import type { Model } from "../types";

export interface Read {
  model: Model | null;
  error: api.Refused | null;
  reload: () => void;
}

/** What the file says; the model stays on show while it is read again. */
export function useModel(id: string): Read {
  const [found, setFound] = useState<{ model: Model | null; error: api.Refused | null }>({ model: null, error: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let left = false;
    api
      .model(id)
      .then((model) => !left && setFound({ model, error: null }))
      .catch((error: api.Refused) => !left && setFound({ model: null, error }));
    return () => {
      left = true;
    };
  }, [id, round]);
  const reload = () => setRound((before) => before + 1);
  // Somebody else may have saved the file: whoever comes back to the page is shown what stands there now.
  const sha256 = found.model?.sha256;
  useEffect(() => {
    const look = () =>
      void api.text(id).then((now) => sha256 && now.sha256 !== sha256 && reload()).catch(() => {}); // told elsewhere
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [id, sha256]);
  return { ...found, reload };
}

/** A file with errors has no model, but its editor needs to know which file it is. */
export function withoutModel(id: string): Model {
  return {
    id, name: id, title: id.replace(/^\w+:/, ""), says: "", sha256: "", writable: id.startsWith("file:"), typed: false,
    clock: { unit: "", steps: 0 }, draws: 0, questions: [], actors: [], quantities: [], what_ifs: [], treaties: [],
    exposures: [], variables: [], events: [], claims: [], decisions: [], observed: 0, sources: [], numbers: [],
    ties: { nodes: [], edges: [] },
  };
}
