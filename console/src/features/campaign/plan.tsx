// A campaign is planned (who would get it, and who not, and why) before it can be scheduled.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { InputOf, OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, Buttons, IconButton } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Problems, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { Facts } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { Conservation } from "./conservation";
import { PickPromotion, PickPurpose, PickSegment, PickTemplate } from "./pick";
import { Reasons } from "./reasons";

type Input = InputOf<"plan_campaign">;
interface Draft {
  name: string;
  segment: string;
  purpose: string;
  variants: { name: string; template: string; weight: string }[];
  promotion: string;
  at: string;
}
const first: Draft = { name: "", segment: "", purpose: "", variants: [{ name: "A", template: "", weight: "1" }], promotion: "", at: "" };
const shown = ["name", "segment_uuid", "subscription_type_uuid", "promotion_uuid", "send_at"];

function inputOf(draft: Draft): Input {
  return {
    name: draft.name, segment_uuid: draft.segment, subscription_type_uuid: draft.purpose,
    variants: draft.variants.map((one) => ({ name: one.name, template_uuid: one.template, weight: Number(one.weight) })),
    ...(draft.promotion ? { promotion_uuid: draft.promotion } : {}),
    ...(draft.at ? { send_at: new Date(draft.at).toISOString() } : {}),
  };
}

export function Plan({ onClose }: { onClose: () => void }) {
  const w = useWords(campaign);
  const c = useWords(common);
  const [draft, setDraft] = useState(first);
  const [asked, setAsked] = useState<Input | null>(null);
  const plan = useRead("plan_campaign", asked ?? inputOf(draft), { enabled: asked !== null });
  const set = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    setAsked(null);
  };
  const error = asked ? plan.error : null;
  if (asked && plan.data) return <Confirm input={asked} plan={plan.data} onBack={() => setAsked(null)} onClose={onClose} />;
  return (
    <Dialog title={w.newCampaign} wide onClose={onClose}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); setAsked(inputOf(draft)); if (asked) void plan.refetch(); }}>
        <TextField label={w.name} value={draft.name} onChange={(event) => set({ name: event.target.value })} problem={problemOf(error, "name")} />
        <div className="grid gap-4 sm:grid-cols-2">
          <PickSegment label={w.toWhom} value={draft.segment} onChange={(segment) => set({ segment })} problem={problemOf(error, "segment_uuid")} />
          <PickPurpose label={w.purpose} hint={w.purposeHint} value={draft.purpose} onChange={(purpose) => set({ purpose })} problem={problemOf(error, "subscription_type_uuid")} />
        </div>
        <Variants draft={draft} set={set} />
        <div className="grid gap-4 sm:grid-cols-2">
          <PickPromotion label={w.voucher} hint={w.voucherHint} optional value={draft.promotion} onChange={(promotion) => set({ promotion })} problem={problemOf(error, "promotion_uuid")} />
          <TextField label={w.when} hint={w.whenHint} optional type="datetime-local" value={draft.at} onChange={(event) => set({ at: event.target.value })} problem={problemOf(error, "send_at")} />
        </div>
        <Problems of={otherProblems(error, shown)} />
        <Buttons>
          <Button onClick={onClose}>{c.cancel}</Button>
          <Button type="submit" look="primary" busy={asked !== null && plan.isFetching}>{w.plan}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

function Variants({ draft, set }: { draft: Draft; set: (next: Partial<Draft>) => void }) {
  const w = useWords(campaign);
  const many = draft.variants.length > 1;
  const change = (at: number, next: Partial<Draft["variants"][number]>) => set({ variants: draft.variants.with(at, { ...draft.variants[at]!, ...next }) });
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="sr-only">{w.mails}</legend>
      {draft.variants.map((one, at) => (
        <div key={at} className="flex items-end gap-2">
          {many && <TextField label={w.variant} value={one.name} className="w-16" onChange={(event) => change(at, { name: event.target.value })} />}
          <div className="grow"><PickTemplate label={many ? w.templateOf(one.name) : w.template} value={one.template} onChange={(template) => change(at, { template })} /></div>
          {many && <TextField label={w.weight} inputMode="numeric" value={one.weight} className="w-20" onChange={(event) => change(at, { weight: event.target.value })} />}
          {many && <IconButton icon="close" label={w.removeVariant(one.name)} onClick={() => set({ variants: draft.variants.toSpliced(at, 1) })} />}
        </div>
      ))}
      <div>
        <Button small look="quiet" icon="plus" onClick={() => set({ variants: [...draft.variants, { name: String.fromCharCode(65 + draft.variants.length), template: "", weight: "1" }] })}>
          {w.addVariant}
        </Button>
      </div>
    </fieldset>
  );
}

function Confirm({ input, plan, onBack, onClose }: { input: Input; plan: OutputOf<"plan_campaign">; onBack: () => void; onClose: () => void }) {
  const w = useWords(campaign);
  const c = useWords(common);
  const f = useFormats();
  const navigate = useNavigate();
  const purposes = useRead("list_subscription_types", {});
  const purpose = purposes.data?.types.find((one) => one.uuid === input.subscription_type_uuid);
  const schedule = useWrite("schedule_campaign", {
    onDone: (made) => {
      tell(w.scheduled);
      void navigate({ to: `/marketing/campaigns/${made.uuid}` });
    },
  });
  return (
    <Dialog title={w.confirmTitle(plan.to_send)} wide onClose={onClose}>
      <div className="flex flex-col gap-5">
        <Conservation total={plan.selected} parts={[{ name: w.parts.toSend, count: plan.to_send, tone: "good" }, { name: w.parts.suppressed, count: plan.suppressed, tone: "warn" }]} />
        <Facts of={[
          [w.when, input.send_at ? f.exact(plan.send_at) : w.atOnce],
          [w.consent, purpose ? w.consentOf[purpose.strategy](purpose.name) : plan.consent],
          ...(plan.variants.length > 1 ? [[w.variants, plan.variants.map((one) => `${one.name}: ${f.number(one.count)}`).join(", ")] as [string, string]] : []),
          ...(input.promotion_uuid ? [[w.vouchers, plan.vouchers_left === null ? f.number(plan.vouchers) : w.vouchersOf(f.number(plan.vouchers), f.number(plan.vouchers_left))] as [string, string]] : []),
        ]} />
        <Reasons title={w.whyNot} of={plan.suppressed_by_reason} />
        {plan.to_send === 0 && <Notice tone="warn">{w.nobody}</Notice>}
        <Notice>{w.confirmAbout}</Notice>
        <Problems of={otherProblems(schedule.error, [])} />
      </div>
      <Buttons>
        <Button onClick={onBack}>{c.back}</Button>
        <Button look="primary" icon="mail" busy={schedule.isPending} onClick={() => schedule.mutate(input)}>{input.send_at ? w.schedule : w.sendNow}</Button>
      </Buttons>
    </Dialog>
  );
}
