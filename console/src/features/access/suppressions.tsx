import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, usePages, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Filter, TextField } from "~/ui/field";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";

type Suppression = OutputOf<"list_suppressions">["suppressions"][number];
const reasons: Suppression["reason"][] = ["hard_bounce", "complaint", "manual", "soft_bounces", "erased"];

export function Suppressions() {
  const w = useWords(texts);
  const [reason, setReason] = useState<Suppression["reason"]>();
  const [adding, setAdding] = useState(false);
  const [allowing, setAllowing] = useState<string>();
  const list = usePages("list_suppressions", { reason: reason ?? null, limit: 30, page: 1 }, {
    rows: (page) => page.suppressions,
    next: (page, input) => (page.page.page * page.page.limit < page.page.total ? { ...input, page: page.page.page + 1 } : null),
  });
  return (
    <Card title={w.suppressions} about={w.suppressionsAbout} flush
          actions={(
            <>
              <Filter label={w.reason} value={reason ?? ""} onChange={(event) => setReason(reasons.find((one) => one === event.target.value))}>
                <option value="">{w.allReasons}</option>
                {reasons.map((one) => <option key={one} value={one}>{w.reasons[one]}</option>)}
              </Filter>
              <Button small icon="plus" onClick={() => setAdding(true)}>{w.suppressAdd}</Button>
            </>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.suppressions} rows={list.rows} keyOf={(one) => `${one.address} ${one.created_at}`}
                 empty={<Empty icon="mail" title={w.noSuppressions}>{w.noSuppressionsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.mailAddress, cell: (one) => one.address || <span className="text-soft">{w.erasedOne}</span> },
                   {
                     name: w.reason, cell: (one) => (
                       <>
                         <Badge tone={one.reason === "complaint" ? "bad" : "plain"}>{w.reasons[one.reason]}</Badge>
                         {one.note && <span className="block text-sm wrap-anywhere text-soft">{one.note}</span>}
                       </>
                     ),
                   },
                   { name: w.since, cell: (one) => <Day at={one.created_at} /> },
                 ]}
                 actions={(one) => one.address && (
                   <Button small look="quiet" aria-label={`${w.suppressRemove}: ${one.address}`} onClick={() => setAllowing(one.address)}>{w.suppressRemove}</Button>
                 )} />
        )}
      </Answer>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      {allowing && <AllowDialog address={allowing} onClose={() => setAllowing(undefined)} />}
    </Card>
  );
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const [address, setAddress] = useState("");
  const [note, setNote] = useState("");
  const add = useWrite("add_suppression", {
    onDone: (done) => {
      tell(w.suppressed(done.address));
      onClose();
    },
  });
  return (
    <FormDialog title={w.suppressAddTitle} action={w.suppressAdd} busy={add.isPending} onClose={onClose} problems={otherProblems(add.error, ["address", "note"])}
                onSubmit={() => add.mutate({ address, note: note || null })}>
      <TextField label={w.mailAddress} type="email" autoComplete="off" autoFocus value={address} onChange={(event) => setAddress(event.target.value)} problem={problemOf(add.error, "address")} />
      <TextField label={w.note} optional value={note} onChange={(event) => setNote(event.target.value)} problem={problemOf(add.error, "note")} />
    </FormDialog>
  );
}

function AllowDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const w = useWords(texts);
  const remove = useWrite("remove_suppression", {
    onDone: () => {
      tell(w.allowed(address));
      onClose();
    },
  });
  return (
    <FormDialog title={w.suppressRemoveTitle(address)} action={w.suppressRemove} busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error, [])}
                onSubmit={() => remove.mutate({ address })}>
      <p>{w.suppressRemoveAbout}</p>
    </FormDialog>
  );
}
