// The own link to pass on, and what came of it.

import { useState } from "react";

import type { Operations } from "~/api/piggy";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Card } from "~/ui/page";
import { QrCode } from "~/ui/qr";
import { Copyable } from "~/ui/show";
import { useFormats } from "~/words/format";
import { portal } from "~/words/portal";
import { useWords } from "~/words/words";
import { useOwn } from "./client";

type ReferralCard = Operations["get_referral_card"]["output"];

/** Nothing, where the shop does not reward it. */
export function Friends() {
  const card = useOwn("get_referral_card").data;
  return card?.active && card.link ? <Shown card={card} link={card.link} /> : null;
}

function Shown({ card, link }: { card: ReferralCard; link: string }) {
  const w = useWords(portal);
  const [code, setCode] = useState(false);
  const came = card.completed + card.pending;
  // Whoever closes what the device shows has changed their mind: that is no failure.
  const share = () => void navigator.share({ text: w.shareText, url: link }).catch(() => undefined);
  return (
    <Card title={w.bringFriend}>
      <div className="flex flex-col gap-3">
        <p className="text-pretty">{useOffer(card)}</p>
        <Copyable text={link} label={w.yourLink} />
        <div className="flex flex-wrap gap-2">
          {"share" in navigator && <Button small look="primary" onClick={share}>{w.share}</Button>}
          <Button small onClick={() => setCode(true)}>{w.showQr}</Button>
        </div>
        <p className="text-sm text-soft">{came === 0 ? w.noFriends : card.pending === 0 ? w.friendsCame(came) : `${w.friendsCame(came)} ${w.friendsPending(card.pending)}`}</p>
      </div>
      {code && (
        <Dialog title={w.bringFriend} onClose={() => setCode(false)}>
          <div className="flex flex-col items-center gap-3 text-center">
            <QrCode text={link} className="size-56 rounded-xl" />
            <p className="text-soft">{w.scanIt}</p>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

/** What both receive, in one sentence. */
function useOffer(card: ReferralCard): string {
  const w = useWords(portal);
  const f = useFormats();
  const said = ({ type, points, promotion }: ReferralCard["yours"]) =>
    (type === "loyalty_points" ? `${f.number(points)} ${w.credits(card.credit_name)}` : promotion ? w.aVoucher(promotion.name) : "");
  const when = w.when(card.completion_event === "contact_creation" ? 0 : card.number_of_transactions);
  return w.offer(said(card.yours), said(card.theirs), when);
}
