import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { piggy, useSession, type InputOf } from "~/api/client";
import { newKey, otherProblems, problemOf, queries, useRead } from "~/api/hooks";
import { useSomebody } from "~/features/contact/somebody";
import { Button } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { Answer } from "~/ui/page";
import { firstRun as texts } from "~/words/first_run";
import { useWords } from "~/words/words";

/** The fourteen tools of every Piggy, within limits that are safe to try out. */
const grants: InputOf<"grant_tools">["grants"] = [
  { tool: "piggy_claim_anonymous_contact" }, { tool: "piggy_create_contact_attribute", ask: "always" },
  { tool: "piggy_create_credit_reception", limits: { points_per_day: 500 } }, { tool: "piggy_create_vouchers_batch", limits: { vouchers_per_call: 100 } },
  { tool: "piggy_find_or_create_products" }, { tool: "piggy_find_voucher_by_code" }, { tool: "piggy_get_contact_auth_token" },
  { tool: "piggy_get_contact_credit_balance" }, { tool: "piggy_list_forms" }, { tool: "piggy_list_perks" }, { tool: "piggy_merge_contacts" },
  { tool: "piggy_send_contact_verification_email", limits: { calls_per_minute: 10 } }, { tool: "piggy_update_bookings" },
  { tool: "piggy_update_contact_identifiers" },
];

/** With a persona that is there, or a first one that is made for it. `first` of what is left to do, it stands out. */
export function Talk({ first: standsOut }: { first: boolean }) {
  const look = standsOut ? "primary" : "plain";
  const w = useWords(texts);
  const { company, account } = useSession();
  const navigate = useNavigate();
  const personas = useRead("list_personas", {});
  const contact = useSomebody();
  const [name, setName] = useState(w.personaFirst);
  const [made, setMade] = useState<string>();
  const talk = useMutation({
    mutationFn: async (known: string | undefined) => {
      let persona_uuid = known ?? made;
      if (!persona_uuid) {
        persona_uuid = (await piggy.call("create_persona", { name, instructions: w.instructions(name, company || account) }, { idempotencyKey: newKey() })).uuid;
        // If what comes next fails, it goes on with this one.
        setMade(persona_uuid);
      }
      if (!known) await piggy.call("grant_tools", { persona_uuid, grants }, { idempotencyKey: newKey() });
      return piggy.call("start_conversation", { persona_uuid }, { idempotencyKey: newKey() });
    },
    onSuccess: async (conversation) => {
      await queries.invalidateQueries();
      await navigate({ to: `/chat/${conversation.uuid}` });
    },
  });
  const problems = otherProblems(talk.error, ["name"]);
  return (
    <Answer of={personas}>
      {({ personas: all }) => {
        const first = made ? undefined : all.find((one) => one.state === "active");
        if (first) {
          return (
            <div className="flex flex-col gap-3">
              <div><Button look={look} icon="chat" busy={talk.isPending} onClick={() => talk.mutate(first.uuid)}>{w.talkTo(first.name)}</Button></div>
              <Problems of={problems} />
            </div>
          );
        }
        return (
          <form noValidate className="flex flex-col gap-3" onSubmit={(event) => { event.preventDefault(); talk.mutate(undefined); }}>
            <div className="flex flex-wrap items-end gap-3">
              <TextField label={w.personaName} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(talk.error, "name")} />
              <Button type="submit" look={look} icon="chat" busy={talk.isPending}>{w.makeAndTalk}</Button>
            </div>
            <p className="text-sm text-soft">{w.trySaying(contact)}</p>
            <Problems of={problems} />
          </form>
        );
      }}
    </Answer>
  );
}
