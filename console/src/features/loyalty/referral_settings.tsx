// What contacts get who bring a friend: all of it at once, with what will come of it in words.

import { useState } from "react";

import type { InputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { CheckField, SelectField, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { referralWords } from "~/words/referral";
import { useWords } from "~/words/words";
import { numberOf } from "./number";
import { useRulesInWords, type ReferralProgram } from "./referral";

type Incentive = ReferralProgram["referring_incentive"];
interface Side { type: Incentive["type"]; points: string; promotion: string }

const draftOf = (one: Incentive): Side => ({ type: one.type, points: one.points > 0 ? String(one.points) : "", promotion: one.promotion?.uuid ?? "" });
const sides = ["referring_incentive", "referred_incentive"] as const;
const fields = ["form_uuid", "number_of_transactions", "limit_per_contact", "shop_uuid", ...sides.flatMap((side) => [`${side}.points`, `${side}.promotion_uuid`])];

export function ReferralSettings({ program, onClose }: { program: ReferralProgram; onClose: () => void }) {
  const w = useWords(referralWords);
  const c = useWords(common);
  const forms = useRead("list_forms", { status: "PUBLISHED", type: "PUBLIC" });
  const shops = useRead("list_shops", {});
  const promotions = useRead("list_promotions", { limit: 100 });
  // Whoever opens what is off means to switch it on.
  const [active, setActive] = useState(true);
  const [form, setForm] = useState(program.form?.uuid ?? "");
  const [shop, setShop] = useState(program.shop?.uuid ?? "");
  const [event, setEvent] = useState(program.completion_event);
  const [purchases, setPurchases] = useState(String(program.number_of_transactions));
  const [limit, setLimit] = useState(program.limit_per_contact === null ? "" : String(program.limit_per_contact));
  const [given, setGiven] = useState({ referring_incentive: draftOf(program.referring_incentive), referred_incentive: draftOf(program.referred_incentive) });
  const update = useWrite("update_referral_program", { onDone: () => { tell(w.saved); onClose(); } });
  const points = sides.some((side) => given[side].type === "loyalty_points");
  const chosenShop = shop || shops.data?.shops[0]?.uuid;
  const sent = (side: Side): InputOf<"update_referral_program">["referring_incentive"] => ({
    type: side.type,
    ...(side.type === "loyalty_points" && side.points.trim() ? { points: numberOf(side.points)! } : {}),
    ...(side.type === "voucher" && side.promotion ? { promotion_uuid: side.promotion } : {}),
  });
  const send = () => update.mutate({
    active,
    completion_event: event,
    ...(event === "loyalty_transaction" && purchases.trim() ? { number_of_transactions: numberOf(purchases)! } : {}),
    ...(limit.trim() ? { limit_per_contact: numberOf(limit)! } : {}),
    ...(form ? { form_uuid: form } : {}),
    ...(points && chosenShop ? { shop_uuid: chosenShop } : {}),
    referring_incentive: sent(given.referring_incentive),
    referred_incentive: sent(given.referred_incentive),
  });
  const side = (name: (typeof sides)[number], label: string) => (
    <SideFields name={name} label={label} side={given[name]} error={update.error} promotions={promotions.data?.promotions ?? []}
                onChange={(next) => { update.reset(); setGiven({ ...given, [name]: next }); }} />
  );
  const known = forms.data?.forms ?? [];
  return (
    <FormDialog title={w.edit} action={c.save} wide busy={update.isPending} onClose={onClose} problems={otherProblems(update.error, fields)} onSubmit={send}>
      <CheckField label={w.active} checked={active} onChange={(change) => setActive(change.target.checked)} />
      {side("referring_incentive", w.bringer)}
      {side("referred_incentive", w.friend)}
      {points && (
        <SelectField label={w.shop} value={chosenShop ?? ""} onChange={(change) => setShop(change.target.value)} problem={problemOf(update.error, "shop_uuid")}>
          {shops.data?.shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
        </SelectField>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label={w.completes} hint={w.eventHint[event]} value={event} onChange={(change) => setEvent(change.target.value as typeof event)}>
          <option value="loyalty_transaction">{w.events.loyalty_transaction}</option>
          <option value="contact_creation">{w.events.contact_creation}</option>
        </SelectField>
        {event === "loyalty_transaction" && (
          <TextField label={w.purchases} inputMode="numeric" value={purchases} onChange={(change) => setPurchases(change.target.value)} problem={problemOf(update.error, "number_of_transactions")} />
        )}
        <TextField label={w.limit} hint={w.limitHint} optional inputMode="numeric" value={limit} onChange={(change) => setLimit(change.target.value)} problem={problemOf(update.error, "limit_per_contact")} />
        <SelectField label={w.form} hint={w.formHint} value={form} onChange={(change) => setForm(change.target.value)} problem={problemOf(update.error, "form_uuid")}>
          <option value="">{w.noForm}</option>
          {program.form && !known.some((one) => one.uuid === program.form!.uuid) && <option value={program.form.uuid}>{program.form.name}</option>}
          {known.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
        </SelectField>
      </div>
      <Outlook active={active} event={event} purchases={purchases} limit={limit} given={given}
               nameOf={(uuid) => promotions.data?.promotions.find((one) => one.uuid === uuid)?.name ?? ""} />
    </FormDialog>
  );
}

function SideFields({ name, label, side, error, promotions, onChange }: {
  name: string; label: string; side: Side; error: unknown; promotions: { uuid: string; name: string }[]; onChange: (side: Side) => void;
}) {
  const w = useWords(referralWords);
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <SelectField label={label} value={side.type} onChange={(event) => onChange({ ...side, type: event.target.value as Side["type"] })}>
        {(["loyalty_points", "voucher", "nothing"] as const).map((type) => <option key={type} value={type}>{w.types[type]}</option>)}
      </SelectField>
      {side.type === "loyalty_points" && (
        <TextField label={w.points} inputMode="numeric" value={side.points} onChange={(event) => onChange({ ...side, points: event.target.value })} problem={problemOf(error, `${name}.points`)} />
      )}
      {side.type === "voucher" && (
        <SelectField label={w.promotion} value={side.promotion} onChange={(event) => onChange({ ...side, promotion: event.target.value })} problem={problemOf(error, `${name}.promotion_uuid`)}>
          <option value="">{w.choose}</option>
          {promotions.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
        </SelectField>
      )}
    </fieldset>
  );
}

/** What will happen, as far as it is said already. */
function Outlook({ active, event, purchases, limit, given, nameOf }: {
  active: boolean; event: ReferralProgram["completion_event"]; purchases: string; limit: string;
  given: Record<(typeof sides)[number], Side>; nameOf: (promotion: string) => string;
}) {
  const w = useWords(referralWords);
  const inWords = useRulesInWords();
  const whole = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : null);
  const meant = ({ type, points, promotion }: Side): Incentive => ({
    type, points: whole(points) ?? 0, promotion: type === "voucher" && promotion ? { uuid: promotion, name: nameOf(promotion) } : null,
  });
  return (
    <Notice>
      <p className="font-medium">{w.happens}</p>
      <p className="mt-0.5">
        {active ? inWords({
          completion_event: event, number_of_transactions: whole(purchases) ?? 1, limit_per_contact: whole(limit),
          referring_incentive: meant(given.referring_incentive), referred_incentive: meant(given.referred_incentive),
        }) : w.offAbout}
      </p>
    </Notice>
  );
}
