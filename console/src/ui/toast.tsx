// Short messages at the edge of the window: what was done, or what went wrong outside of any form.

import { useEffect, useRef } from "react";

import { messageOf } from "~/api/hooks";
import { tell, told, type Told } from "~/api/told";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { IconButton } from "./button";
import { join } from "./class";
import { Icon } from "./icon";

export { tell };

/** For writes without a form. */
export function tellProblem(error: unknown) {
  tell(messageOf(error), true);
}

export function Toasts() {
  const shown = told.use();
  const all = useRef<HTMLDivElement>(null);
  // Above a dialog that was opened before: it is a popover, and the newest lies on top.
  useEffect(() => {
    all.current?.hidePopover();
    all.current?.showPopover();
  }, [shown]);
  return (
    // In the middle of the page beside the ways to others, and above what stays at the foot of one.
    <div ref={all} popover="manual" aria-live="polite"
         className={join("pointer-events-none fixed inset-x-4 top-auto bottom-4 z-60 m-0 flex w-auto flex-col items-center gap-2 overflow-visible border-0 bg-transparent p-0 text-ink",
                         "print:hidden lg:in-[body:has(#content)]:left-68 in-[body:has([data-foot])]:bottom-24")}>
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
    <div data-told role={toast.bad ? "alert" : "status"}
         className="pointer-events-auto flex max-w-xl items-center gap-2.5 rounded-xl border border-line bg-paper py-1.5 pr-1.5 pl-3.5 shadow-lg">
      <Icon name={toast.bad ? "warn" : "check"} className={toast.bad ? "size-5 text-bad" : "size-5 text-good"} />
      <span>{toast.text}</span>
      <IconButton icon="close" label={w.close} onClick={close} />
    </div>
  );
}
