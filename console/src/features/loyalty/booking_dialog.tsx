import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRehearsal, useWrite } from "~/api/hooks";
import type { FoundContact } from "~/features/contact/contact";
import { ContactPicker } from "~/features/contact/search";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { SelectField, TextField } from "~/ui/field";
import { Effect } from "~/ui/show";
import { tell } from "~/ui/toast";
import { bookingWords } from "~/words/booking";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import type { Booking } from "./bookings";
import { fromLocal, numberOf, toLocal } from "./number";

const shown = ["contact_uuid", "shop_uuid", "starts_at", "ends_at", "number_of_people", "company_name", "status", "source", "external_id", "prepaid_amount", "checked_in_at"];
const states = ["created", "in progress", "completed", "canceled"];

/** Makes a booking or changes one; for whom and where stays as it was made. */
export function BookingDialog({ booking, day, shops, shop: preferred, onClose }: {
  booking: Booking | null; day: string; shops: OutputOf<"list_shops">["shops"]; shop: string; onClose: () => void;
}) {
  const w = useWords(bookingWords);
  const c = useWords(common);
  const statesId = useId();
  const [contact, setContact] = useState<FoundContact | null>(null);
  const [shop, setShop] = useState(preferred || shops[0]?.uuid || "");
  const [text, setText] = useState({
    starts: booking ? toLocal(booking.starts_at) : `${day}T18:00`, ends: toLocal(booking?.ends_at ?? null), arrived: toLocal(booking?.checked_in_at ?? null),
    people: booking?.number_of_people === undefined || booking.number_of_people === null ? "" : String(booking.number_of_people),
    company: booking?.company_name ?? "", status: booking?.status ?? "created", source: booking?.source ?? "", external: booking?.external_id ?? "",
    prepaid: booking?.prepaid_amount === undefined || booking.prepaid_amount === null ? "" : String(booking.prepaid_amount / 100),
  });
  const done = () => { tell(booking ? c.saved : w.booked); onClose(); };
  const create = useWrite("create_booking", { onDone: done });
  const update = useWrite("update_bookings", { onDone: done });
  const rehearsal = useRehearsal("update_bookings");
  const error = booking ? update.error ?? rehearsal.error : create.error;
  const field = (name: keyof typeof text) => ({
    value: text[name], onChange: (event: { target: { value: string } }) => { rehearsal.reset(); setText({ ...text, [name]: event.target.value }); },
  });
  const paid = numberOf(text.prepaid);
  const input = {
    ...(text.starts ? { starts_at: fromLocal(text.starts)! } : {}), ...(text.ends ? { ends_at: fromLocal(text.ends)! } : {}),
    ...(text.arrived ? { checked_in_at: fromLocal(text.arrived)! } : {}),
    ...(text.people.trim() ? { number_of_people: numberOf(text.people)! } : {}),
    ...(paid === undefined ? {} : { prepaid_amount: typeof paid === "number" ? Math.round(paid * 100) : paid }),
    // What was emptied is sent empty; what never was there is not.
    ...(text.company || booking?.company_name ? { company_name: text.company } : {}), ...(text.status || booking?.status ? { status: text.status } : {}),
    ...(text.source || booking?.source ? { source: text.source } : {}), ...(text.external || booking?.external_id ? { external_id: text.external } : {}),
  };
  const send = () => (booking ? update.mutate({ uuid: booking.uuid, ...input }) : create.mutate({ contact_uuid: contact?.uuid ?? "", shop_uuid: shop, ...input }));
  return (
    <FormDialog title={booking ? w.editBooking : w.newBooking} action={booking ? c.save : w.book} wide busy={create.isPending || update.isPending} disabled={!booking && !contact} onClose={onClose}
                problems={otherProblems(error, shown)} onSubmit={send}>
      {booking
        ? (
          <p>
            <Link to={`/contacts/${booking.contact.uuid}`} className="font-medium text-pink hover:underline">{booking.contact.email}</Link>
            {" · "}{shops.find((one) => one.uuid === booking.shop_uuid)?.name}
          </p>
        )
        : (
          <>
            <ContactPicker label={w.forWhom} chosen={contact} onChoose={setContact} problem={problemOf(error, "contact_uuid")} />
            <SelectField label={w.shop} value={shop} onChange={(event) => setShop(event.target.value)} problem={problemOf(error, "shop_uuid")}>
              {shops.map((one) => <option key={one.uuid} value={one.uuid}>{one.name}</option>)}
            </SelectField>
          </>
        )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={w.starts} type="datetime-local" {...field("starts")} problem={problemOf(error, "starts_at")} />
        <TextField label={w.ends} optional type="datetime-local" {...field("ends")} problem={problemOf(error, "ends_at")} />
        <TextField label={w.people} optional inputMode="numeric" {...field("people")} problem={problemOf(error, "number_of_people")} />
        <TextField label={c.state} hint={w.statusHint} optional list={statesId} {...field("status")} problem={problemOf(error, "status")} />
        <TextField label={w.company} optional {...field("company")} problem={problemOf(error, "company_name")} />
        <TextField label={w.prepaid} optional inputMode="decimal" {...field("prepaid")} problem={problemOf(error, "prepaid_amount")} />
        <TextField label={w.source} hint={w.sourceHint} optional {...field("source")} problem={problemOf(error, "source")} />
        <TextField label={w.external} hint={w.externalHint} optional {...field("external")} problem={problemOf(error, "external_id")} />
        {booking && <TextField label={w.arrived} optional type="datetime-local" {...field("arrived")} problem={problemOf(error, "checked_in_at")} />}
      </div>
      <datalist id={statesId}>{states.map((one) => <option key={one} value={one} />)}</datalist>
      {booking
        ? (
          <div className="flex flex-wrap gap-2">
            <Button small icon="info" busy={rehearsal.isPending} onClick={() => rehearsal.mutate({ uuid: booking.uuid, ...input })}>{c.tryFirst}</Button>
            {!text.arrived && <Button small icon="check" onClick={() => setText({ ...text, arrived: toLocal(new Date().toISOString()) })}>{w.arrivedNow}</Button>}
          </div>
        )
        : <p className="text-sm text-soft">{w.bookingFinal}</p>}
      {rehearsal.data && <Effect lines={rehearsal.data.effect} />}
    </FormDialog>
  );
}
