// A row of ways that is wider than the window shows the chosen one, also after its width has changed.

import { useEffect, useRef } from "react";

export function useChosenInView<Row extends HTMLElement>(selector: string, chosen: string | undefined) {
  const row = useRef<Row>(null);
  useEffect(() => {
    const shown = row.current;
    if (!shown) return;
    const observer = new ResizeObserver(() => shown.querySelector(selector)?.scrollIntoView({ block: "nearest", inline: "center" }));
    observer.observe(shown); // It is told at once, too.
    return () => observer.disconnect();
  }, [selector, chosen]);
  return row;
}
