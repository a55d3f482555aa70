// Short messages at the edge of the window: what was done, or what went wrong outside of any form.

import { useEffect } from "react";

import { messageOf } from "~/api/hooks";
import { tell, told, type Told } from "~/api/told";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { IconButton } from "./button";
import { Icon } from "./icon";

export { tell };

/** For writes without a form. */
export function tellProblem(error: unknown) {
  tell(messageOf(error), true);
}

export function Toasts() {
  const shown = told.use();
  return (
    <div aria-live="polite" className="pointer-events-none fixed inset-x-4 bottom-4 z-60 flex flex-col items-center gap-2">
      {shown.map((toast) => <Shown key={toast.id} toast={toast} />)}
    </div>
  );
}

function Shown({ toast }: { toast: Told }) {
  const w = useWords(common);
  const close = () => told.set(told.get().filter((one) => one.id !== toast.id));
  useEffect(() => {
    if (toast.bad) return;
    const timer = window.setTimeout(close, 5_000);
    return () => window.clearTimeout(timer);
  });
  return (
    <div role={toast.bad ? "alert" : "status"}
         className="pointer-events-auto flex max-w-xl items-center gap-2.5 rounded-xl border border-line bg-paper py-1.5 pr-1.5 pl-3.5 shadow-lg">
      <Icon name={toast.bad ? "warn" : "check"} className={toast.bad ? "size-5 text-bad" : "size-5 text-good"} />
      <span>{toast.text}</span>
      <IconButton icon="close" label={w.close} onClick={close} />
    </div>
  );
}
