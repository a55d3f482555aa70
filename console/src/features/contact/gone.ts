import { useEffect, useRef } from "react";

import { PiggyError, piggy } from "~/api/client";
import { queries } from "~/api/hooks";

const pause = 1_000; // Milliseconds.

/** Calls `then` once the contact is gone: it is deleted and joined by jobs. */
export function useGone(uuid: string, waits: boolean, then: () => void) {
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  });
  useEffect(() => {
    if (!waits) return;
    let timer = 0;
    let ended = false;
    const look = async () => {
      try {
        await piggy.call("get_contact", { contact_uuid: uuid });
      } catch (error) {
        if (error instanceof PiggyError && error.status === 404) {
          if (ended) return;
          latest.current();
          await queries.invalidateQueries();
          return;
        }
      }
      if (!ended) timer = window.setTimeout(() => void look(), pause);
    };
    void look();
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, [uuid, waits]);
}
