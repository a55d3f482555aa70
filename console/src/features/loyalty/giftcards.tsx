// The gift card programs, and any card by its code.

import { useState } from "react";

import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
import { FindCode, useAskedCode } from "./find_code";
import { LoyaltyPage } from "./frame";
import { GiftcardDetails } from "./giftcard_details";
import { NewProgram } from "./giftcard_program_dialogs";

export default function Giftcards() {
  const w = useWords(giftcardWords);
  const c = useWords(common);
  const f = useFormats();
  const [creating, setCreating] = useState(false);
  const programs = useRead("list_giftcard_programs", {});
  return (
    <LoyaltyPage title={w.giftcards} about={w.giftcardsAbout} actions={<Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.newProgram}</Button>}>
      <div className="flex flex-col gap-5">
        <FindCard />
        <Card flush title={w.programs}>
          <Answer of={programs}>
            {({ giftcard_programs: all }) => (
              <Table label={w.programs} rows={all} keyOf={(one) => one.uuid} to={(one) => `/loyalty/giftcards/${one.uuid}`}
                     empty={<Empty icon="gift" title={w.noPrograms}>{w.noProgramsAbout}</Empty>}
                     columns={[
                       { name: c.name, cell: (one) => one.name },
                       { name: w.cards, number: true, cell: (one) => f.number(one.card_count) },
                       { name: w.goodFor, cell: (one) => w.days(one.expiration_days) },
                       { name: w.loading, minor: true, cell: (one) => (one.reloadable ? w.again : w.once) },
                       { name: c.state, cell: (one) => (one.active ? <Badge tone="good">{w.on}</Badge> : <Badge>{w.off}</Badge>) },
                     ]} />
            )}
          </Answer>
        </Card>
      </div>
      {creating && <NewProgram onClose={() => setCreating(false)} />}
    </LoyaltyPage>
  );
}

function FindCard() {
  const w = useWords(giftcardWords);
  const asked = useAskedCode();
  const card = useRead("find_giftcard", { hash: asked }, { enabled: asked !== "" });
  return (
    <FindCode page="/loyalty/giftcards" asked={asked} words={w} busy={card.isFetching}>
      <Answer of={card}>{(one) => <GiftcardDetails key={one.uuid} card={one} />}</Answer>
    </FindCode>
  );
}
