// A dialog over the page; Escape closes it.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useId, useRef } from "preact/hooks";
import "./Dialog.css";

export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const left = useRef(false);
  useLayoutEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    return () => {
      // Closed before it goes, so that the focus returns to where it was.
      left.current = true;
      shown.close();
    };
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={() => left.current || props.onClose()}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
