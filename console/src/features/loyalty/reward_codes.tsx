// The codes of one digital reward: how many are left, who got which, and adding more.

import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, usePages, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Filter } from "~/ui/field";
import { Answer, Badge, Card, Empty, Notice } from "~/ui/page";
import { Effect, Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { rewardWords } from "~/words/reward";
import { useWords } from "~/words/words";
import { AddCodes } from "./add_codes";
import { LoyaltyPage } from "./frame";

type Code = OutputOf<"list_reward_codes">["codes"][number];

export default function RewardCodes() {
  const w = useWords(rewardWords);
  const f = useFormats();
  const { reward: uuid = "" } = useParams({ strict: false }) as { reward?: string };
  const reward = useRead("get_reward", { reward_uuid: uuid });
  const [open, setOpen] = useState<"add" | "remove" | null>(null);
  const stock = reward.data?.stock ?? 0;
  const close = () => setOpen(null);
  return (
    <LoyaltyPage title={reward.data ? w.codesOf(reward.data.title) : w.codes} back={{ to: "/loyalty/rewards", label: w.rewards }}
                 {...(reward.data ? { about: w.codesLeft(f.number(stock), stock) } : {})}
                 actions={(
                   <>
                     {stock > 0 && <Button look="danger" onClick={() => setOpen("remove")}>{w.removeCodes}</Button>}
                     <Button look="primary" icon="plus" onClick={() => setOpen("add")}>{w.addCodes}</Button>
                   </>
                 )}>
      <CodeList reward={uuid} />
      {open === "add" && <AddCodes reward={uuid} onClose={close} />}
      {open === "remove" && <RemoveCodes reward={uuid} onClose={close} />}
    </LoyaltyPage>
  );
}

function CodeList({ reward }: { reward: string }) {
  const w = useWords(rewardWords);
  const c = useWords(common);
  const [state, setState] = useState<Code["state"] | "">("");
  const [removing, setRemoving] = useState<Code>();
  const list = usePages("list_reward_codes", { reward_uuid: reward, ...(state ? { state } : {}), limit: 50, page: 1 }, {
    rows: (page) => page.codes,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush title={w.codes} about={w.codesAbout}
          actions={(
            <Filter label={c.state} value={state} onChange={(event) => setState(event.target.value as Code["state"] | "")}>
              <option value="">{w.allCodes}</option>
              <option value="left">{w.codeStates.left}</option>
              <option value="given">{w.codeStates.given}</option>
            </Filter>
          )}>
      <Answer of={list}>
        {() => (
          <Table label={w.codes} rows={list.rows} keyOf={(one) => one.uuid}
                 empty={<Empty icon="gift" title={w.noCodes}>{w.noCodesAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 columns={[
                   { name: w.code, className: "lg:w-1/3", cell: (one) => <code className="font-mono break-all whitespace-pre-wrap">{one.code}</code> },
                   { name: c.state, cell: (one) => <Badge tone={one.state === "given" ? "info" : "good"}>{w.codeStates[one.state]}</Badge> },
                   { name: w.who, cell: (one) => (one.contact ? <Link to={`/contacts/${one.contact.uuid}`} className="font-medium text-pink hover:underline">{one.contact.email}</Link> : "–") },
                   { name: w.codeGiven, cell: (one) => <Moment at={one.given_at} /> },
                   { name: w.codeAdded, minor: true, cell: (one) => <Moment at={one.added_at} /> },
                 ]}
                 actions={(one) => one.state === "left" && (
                   <Button small look="quiet" aria-label={`${w.removeCode}: ${one.code}`} onClick={() => setRemoving(one)}>{w.removeCode}</Button>
                 )} />
        )}
      </Answer>
      {removing && <RemoveCodes reward={reward} code={removing} onClose={() => setRemoving(undefined)} />}
    </Card>
  );
}

/** One, or all that are left. */
function RemoveCodes({ reward, code, onClose }: { reward: string; code?: Code; onClose: () => void }) {
  const w = useWords(rewardWords);
  const f = useFormats();
  const chosen = code?.uuid ?? null;
  const rehearsal = useRehearsal("remove_reward_codes");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ reward_uuid: reward, code_uuid: chosen }), [mutate, reward, chosen]);
  const remove = useWrite("remove_reward_codes", { onDone: (done) => { tell(w.codesRemoved(f.number(done.removed), done.removed)); onClose(); } });
  const title = code ? w.removeCodeTitle(code.code) : w.removeCodes;
  return (
    <FormDialog title={title} action={code ? w.removeCode : w.removeCodes} danger busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error ?? rehearsal.error, [])}
                onSubmit={() => remove.mutate({ reward_uuid: reward, code_uuid: chosen })}>
      <Notice tone="warn">{w.removeCodesAbout}</Notice>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
