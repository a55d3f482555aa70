// On a contact's page: that it asked to be erased, and where that is decided.

import { Link } from "@tanstack/react-router";

import { useRead } from "~/api/hooks";
import { buttonClass } from "~/ui/button";
import { Notice } from "~/ui/page";
import { erasureWords } from "~/words/erasure";
import { useWords } from "~/words/words";

export function ErasureWaiting({ contact }: { contact: { uuid: string } }) {
  const w = useWords(erasureWords);
  const open = useRead("list_erasure_requests", { contact_uuid: contact.uuid, state: "open", limit: 1 });
  const request = open.data?.erasure_requests[0];
  if (!request) return null;
  if (request.state === "accepted") return <div className="mb-4"><Notice>{w.erasingHere}</Notice></div>;
  const days = request.days_left ?? 0;
  return (
    <div className="mb-4">
      <Notice tone={days < 0 ? "bad" : "warn"}
              action={<Link to="/settings" search={{ tab: "erasure" } as never} className={buttonClass("plain", true)}>{w.decide}</Link>}>
        {w.waitsHere(w.dueIn(days))}
      </Notice>
    </div>
  );
}
