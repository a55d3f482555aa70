// A row of ways that is wider than the window shows the chosen one, also after its width has changed.

import { useEffect, useRef } from "react";

export function useChosenInView<Row extends HTMLElement>(selector: string, chosen: string | undefined) {
  const row = useRef<Row>(null);
  useEffect(() => {
    const shown = row.current;
    if (!shown) return;
    // The row alone is moved: scrollIntoView() would take the page with it.
    const observer = new ResizeObserver(() => {
      const one = shown.querySelector(selector)?.getBoundingClientRect();
      const row = shown.getBoundingClientRect();
      if (one) shown.scrollLeft += one.left + one.width / 2 - (row.left + row.width / 2);
    });
    observer.observe(shown); // It is told at once, too.
    return () => observer.disconnect();
  }, [selector, chosen]);
  return row;
}
