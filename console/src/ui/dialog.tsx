import { useEffect, useId, useRef, type ReactNode } from "react";

import { refusals } from "~/api/refusals";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Button, Buttons, IconButton } from "./button";
import { join } from "./class";
import { Problems, SentWhole } from "./field";

interface DialogProps {
  title: string;
  /** Escape, the cross, or a press beside it; left out, it stays until its own buttons end it. */
  onClose?: () => void;
  wide?: boolean;
  children: ReactNode;
}

/** Modal while it is rendered: the browser keeps the focus in it and gives it back afterwards. */
export function Dialog({ title, onClose, wide, children }: DialogProps) {
  const w = useWords(common);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) {
      shown.showModal();
      // Where there is nothing to fill in, no link or button is marked before anybody has pressed a key.
      if (!shown.querySelector("form")) shown.focus();
    }
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={heading} tabIndex={-1}
            onCancel={(event) => { event.preventDefault(); onClose?.(); }}
            onMouseDown={(event) => { if (event.target === dialog.current) onClose?.(); }}
            className={join("m-auto max-h-[92dvh] w-[calc(100vw-2rem)] overflow-y-auto rounded-2xl border border-line bg-paper p-0 text-left text-ink outline-none",
                            wide ? "max-w-3xl" : "max-w-lg")}>
      <div className="p-5 sm:p-6">
        <h2 id={heading} className={join("mb-4 text-lg font-semibold", onClose && "pr-10")}>{title}</h2>
        {children}
        {/* Last, so that the keyboard begins with what the dialog is about. */}
        {onClose && <IconButton icon="close" label={w.close} onClick={onClose} className="absolute top-3.5 right-3.5 sm:top-4.5 sm:right-4.5" />}
      </div>
    </dialog>
  );
}

/** A form in a dialog: fields, what is wrong, cancel and the deed. */
export function FormDialog({ title, action, danger, wide, busy, disabled, problems = [], onSubmit, onClose, children }:
    Omit<DialogProps, "onClose"> & {
      action: string; danger?: boolean; busy?: boolean; disabled?: boolean; problems?: string[];
      onSubmit: () => void; onClose: () => void;
    }) {
  const w = useWords(common);
  const submit = () => {
    refusals.set(refusals.get() + 1); // What the page itself refuses is said like what the server refuses.
    onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose} wide={wide ?? false}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (!busy) submit(); }}>
        <div className="flex flex-col gap-4">
          <SentWhole value>{children}</SentWhole>
          <Problems of={problems} />
        </div>
        <Buttons>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} busy={busy ?? false} disabled={disabled ?? false}>{action}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
