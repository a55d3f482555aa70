// Follows what changes on the server, and reads again what the page shows.

import { useEffect, useState } from "react";

import { queries } from "./hooks";

const pause = 400; // Milliseconds; a burst of changes is read once.

/** True while the server tells of changes. */
export function useLive(): boolean {
  const [live, setLive] = useState(true);
  useEffect(() => {
    let timer: number | undefined;
    const source = new EventSource("/platform/events");
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    source.addEventListener("change", () => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ refetchType: "active" });
      }, pause);
    });
    return () => {
      window.clearTimeout(timer);
      source.close();
    };
  }, []);
  return live;
}
