// The gift card programs, and any card by its code.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { giftcardWords } from "~/words/giftcard";
import { useWords } from "~/words/words";
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
  const navigate = useNavigate();
  const { code: asked } = useSearch({ strict: false }) as { code?: unknown };
  // A code of digits alone is read from the address as a number.
  const wanted = asked === undefined ? "" : String(asked);
  const [code, setCode] = useState(wanted);
  const card = useRead("find_giftcard", { hash: wanted }, { enabled: wanted !== "" });
  const find = () => void navigate({ to: "/loyalty/giftcards", search: (code.trim() ? { code: code.trim() } : {}) as never, replace: true });
  return (
    <Card>
      <form noValidate className="flex flex-wrap items-end gap-3" onSubmit={(event) => { event.preventDefault(); find(); }}>
        <div className="min-w-56 grow">
          <TextField label={w.findCode} value={code} autoComplete="off" spellCheck={false} className="font-mono" placeholder={w.codeExample} onChange={(event) => setCode(event.target.value)} />
        </div>
        <Button type="submit" icon="search" busy={card.isFetching}>{w.find}</Button>
      </form>
      {wanted !== "" && <div className="mt-4 border-t border-line pt-4"><Answer of={card}>{(one) => <GiftcardDetails key={one.uuid} card={one} />}</Answer></div>}
    </Card>
  );
}
