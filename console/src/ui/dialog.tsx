import { useEffect, useId, useRef, type ReactNode } from "react";

import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Button, Buttons, IconButton } from "./button";
import { join } from "./class";
import { Problems } from "./field";

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
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={heading}
            onCancel={(event) => { event.preventDefault(); onClose?.(); }}
            onMouseDown={(event) => { if (event.target === dialog.current) onClose?.(); }}
            className={join("m-auto max-h-[92dvh] w-[calc(100vw-2rem)] overflow-y-auto rounded-2xl border border-line bg-paper p-0 text-ink",
                            wide ? "max-w-3xl" : "max-w-lg")}>
      <div className="p-5 sm:p-6">
        <div className="mb-4 flex items-start justify-between gap-3">
          <h2 id={heading} className="text-lg font-semibold">{title}</h2>
          {onClose && <IconButton icon="close" label={w.close} onClick={onClose} className="-mt-1.5 -mr-1.5" />}
        </div>
        {children}
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
  return (
    <Dialog title={title} onClose={onClose} wide={wide ?? false}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (!busy) onSubmit(); }}>
        <div className="flex flex-col gap-4">
          {children}
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
