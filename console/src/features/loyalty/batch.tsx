import { useEffect, useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useRehearsal, useWrite } from "~/api/hooks";
import { Progress } from "~/features/contact/progress";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Answer, Badge, Card, Notice, type Tone } from "~/ui/page";
import { Effect, Moment } from "~/ui/show";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { fromLocal, numberOf } from "./number";

type Batch = OutputOf<"get_voucher_batch">;

export function NewBatch({ promotion, onMade, onClose }: { promotion: OutputOf<"get_promotion">; onMade: (uuid: string) => void; onClose: () => void }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const [quantity, setQuantity] = useState("50");
  const [starts, setStarts] = useState("");
  const [ends, setEnds] = useState("");
  const create = useWrite("create_vouchers_batch", { onDone: ({ uuid }) => { tell(w.batchBegun); onMade(uuid); } });
  const rehearsal = useRehearsal("create_vouchers_batch");
  const error = create.error ?? rehearsal.error;
  const input = {
    promotion_uuid: promotion.uuid, quantity: numberOf(quantity) ?? ("" as unknown as number),
    ...(starts ? { activation_date: fromLocal(starts)! } : {}), ...(ends ? { expiration_date: fromLocal(ends)! } : {}),
  };
  return (
    <FormDialog title={w.newBatch} action={w.makeThem} busy={create.isPending} onClose={onClose} problems={otherProblems(error, ["quantity", "activation_date", "expiration_date"])}
                onSubmit={() => create.mutate(input)}>
      <p className="text-soft">{w.batchAbout}</p>
      <TextField label={w.howMany} hint={w.howManyHint} inputMode="numeric" autoFocus value={quantity} onChange={(event) => setQuantity(event.target.value)} problem={problemOf(error, "quantity")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.goodFrom} optional type="datetime-local" value={starts} onChange={(event) => setStarts(event.target.value)} problem={problemOf(error, "activation_date")} />
        <TextField label={w.goodUntil} optional type="datetime-local" value={ends} onChange={(event) => setEnds(event.target.value)} problem={problemOf(error, "expiration_date")} />
      </div>
      <div><Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate(input)}>{c.tryFirst}</Button></div>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}

export const batchTones: Record<Batch["status"], Tone> = { PENDING: "info", PROCESSING: "info", COMPLETED: "good", FAILED: "bad" };

/** The address names the batch, so that it is still shown after a reload. */
export function BatchProgress({ uuid }: { uuid: string }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const [ended, setEnded] = useState(false);
  const [stopping, setStopping] = useState(false);
  const batch = useRead("get_voucher_batch", { uuid }, ended ? {} : { every: 1_000 });
  const over = batch.data?.status === "COMPLETED" || batch.data?.status === "FAILED";
  if (over && !ended) setEnded(true);
  return (
    <Card title={<>{w.batch} {batch.data && <Badge tone={batchTones[batch.data.status]}>{w.batchStates[batch.data.status]}</Badge>}</>}
          about={batch.data && <Moment at={batch.data.created_at} />}
          actions={batch.data?.status === "COMPLETED" && batch.data.open > 0 && (
            <Button small look="danger" onClick={() => setStopping(true)}>{batch.data.redeemed > 0 ? w.deactivateRest : w.deactivateBatch}</Button>
          )}>
      <Answer of={batch}>
        {(one) => <Progress label={w.made} done={one.made} total={one.quantity} said={w.ofTimes(f.number(one.made), f.number(one.quantity))} />}
      </Answer>
      {batch.data?.status === "FAILED" && <div className="mt-3"><Notice tone="bad">{w.batchFailed}</Notice></div>}
      {stopping && batch.data && <DeactivateBatch uuid={uuid} rest={batch.data.redeemed > 0} onClose={() => setStopping(false)} />}
    </Card>
  );
}

/** All of it; or, where some was redeemed already, what is left. */
function DeactivateBatch({ uuid, rest, onClose }: { uuid: string; rest: boolean; onClose: () => void }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const input = { uuid, ...(rest ? { rest } : {}) };
  const rehearsal = useRehearsal("deactivate_voucher_batch");
  const { mutate } = rehearsal;
  useEffect(() => mutate({ uuid, ...(rest ? { rest } : {}) }), [mutate, uuid, rest]);
  const stop = useWrite("deactivate_voucher_batch", { onDone: (done) => { tell(w.batchDeactivated(f.number(done.deactivated))); onClose(); } });
  const action = rest ? w.deactivateRest : w.deactivateBatch;
  return (
    <FormDialog title={action} action={action} danger busy={stop.isPending} onClose={onClose} problems={otherProblems(stop.error ?? rehearsal.error, [])} onSubmit={() => stop.mutate(input)}>
      <Notice tone="warn">{rest ? w.deactivateRestAbout : w.deactivateBatchAbout}</Notice>
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
