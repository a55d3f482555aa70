import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { otherProblems, problemOf, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { TextArea, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import { numberOf } from "./number";

const shown = ["name", "description", "voucher_limit", "limit_per_contact", "expiration_duration", "redemptions_per_voucher"];

export function NewPromotion({ onClose }: { onClose: () => void }) {
  const w = useWords(voucherWords);
  const c = useWords(common);
  const navigate = useNavigate();
  const [text, setText] = useState({ name: "", description: "", all: "", each: "", days: "", uses: "1" });
  const create = useWrite("create_promotion", { onDone: ({ uuid }) => { tell(w.promotionMade); void navigate({ to: `/loyalty/vouchers/${uuid}` }); } });
  const field = (name: keyof typeof text) => ({ value: text[name], onChange: (event: { target: { value: string } }) => setText({ ...text, [name]: event.target.value }) });
  const days = numberOf(text.days);
  const uses = numberOf(text.uses);
  const send = () => create.mutate({
    name: text.name, description: text.description,
    ...(text.all.trim() ? { voucher_limit: numberOf(text.all)! } : {}),
    ...(text.each.trim() ? { limit_per_contact: numberOf(text.each)! } : {}),
    ...(days === undefined ? {} : { expiration_duration: typeof days === "number" ? Math.round(days * 86_400) : days }),
    ...(uses === undefined || uses === 1 ? {} : { type: "MULTI_USE" as const, redemptions_per_voucher: uses }),
  });
  return (
    <FormDialog title={w.newPromotion} action={c.create} busy={create.isPending} onClose={onClose} problems={otherProblems(create.error, shown)} onSubmit={send}>
      <TextField label={c.name} hint={w.onVoucher} autoFocus {...field("name")} problem={problemOf(create.error, "name")} />
      <TextArea label={w.offers} hint={w.onVoucher} rows={2} {...field("description")} problem={problemOf(create.error, "description")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.inAll} optional inputMode="numeric" {...field("all")} problem={problemOf(create.error, "voucher_limit")} />
        <TextField label={w.perContact} optional inputMode="numeric" {...field("each")} problem={problemOf(create.error, "limit_per_contact")} />
        <TextField label={w.goodDays} hint={w.goodDaysHint} optional inputMode="numeric" {...field("days")} problem={problemOf(create.error, "expiration_duration")} />
        <TextField label={w.uses} hint={w.usesHint} inputMode="numeric" {...field("uses")} problem={problemOf(create.error, "redemptions_per_voucher")} />
      </div>
      <Notice tone="warn">{w.promotionFinal}</Notice>
    </FormDialog>
  );
}
