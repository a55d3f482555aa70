import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { TextField } from "~/ui/field";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Empty, Notice } from "~/ui/page";
import { Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { NewPerk } from "./new_perk";

type Perk = OutputOf<"list_perks">["perks"][number];

export default function Perks() {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [open, setOpen] = useState<"new" | { what: "rename" | "delete"; perk: Perk } | null>(null);
  const perks = useRead("list_perks", {});
  return (
    <LoyaltyPage title={w.sections.perks} about={w.perksAbout} actions={<Button look="primary" icon="plus" onClick={() => setOpen("new")}>{w.newPerk}</Button>}>
      <Card flush>
        <Answer of={perks}>
          {({ perks: all }) => (
            <Table label={w.sections.perks} rows={all} keyOf={(one) => one.uuid} empty={<Empty icon="check" title={w.noPerks}>{w.noPerksAbout}</Empty>}
                   actions={(one) => (
                     <Menu items={[
                       { label: w.rename, icon: "edit", onSelect: () => setOpen({ what: "rename", perk: one }) },
                       "line",
                       { label: w.deletePerk, icon: "trash", danger: true, onSelect: () => setOpen({ what: "delete", perk: one }) },
                     ]}>
                       <IconButton icon="more" label={`${c.actions}: ${one.label}`} />
                     </Menu>
                   )}
                   columns={[
                     { name: c.name, cell: (one) => one.label },
                     { name: w.kind, cell: (one) => w.perkKinds[one.data_type] },
                     {
                       name: w.options,
                       cell: (one) => (
                         <span className="inline-flex flex-wrap gap-1.5 max-sm:justify-end">
                           {one.options.map((option) => <Badge key={option.value} tone={option.default ? "pink" : "plain"}>{option.label}{option.default && ` (${w.default})`}</Badge>)}
                         </span>
                       ),
                     },
                     { name: w.programName, minor: true, cell: (one) => <code className="font-mono text-sm">{one.name}</code> },
                   ]} />
          )}
        </Answer>
      </Card>
      {open === "new" && <NewPerk onClose={() => setOpen(null)} />}
      {open !== null && open !== "new" && open.what === "rename" && <Rename perk={open.perk} onClose={() => setOpen(null)} />}
      {open !== null && open !== "new" && open.what === "delete" && <Delete perk={open.perk} onClose={() => setOpen(null)} />}
    </LoyaltyPage>
  );
}

function Rename({ perk, onClose }: { perk: Perk; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [label, setLabel] = useState(perk.label);
  const update = useWrite("update_perk", { onDone: () => { tell(c.saved); onClose(); } });
  return (
    <FormDialog title={w.rename} action={c.save} busy={update.isPending} onClose={onClose} problems={otherProblems(update.error, ["label"])}
                onSubmit={() => update.mutate({ perk_uuid: perk.uuid, label })}>
      <TextField label={c.name} value={label} autoFocus onChange={(event) => setLabel(event.target.value)} problem={problemOf(update.error, "label")} />
    </FormDialog>
  );
}

function Delete({ perk, onClose }: { perk: Perk; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const remove = useWrite("delete_perk", { onDone: () => { tell(w.perkDeleted); onClose(); } });
  return (
    <FormDialog title={w.deletePerk} action={w.deletePerk} danger busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error, [])}
                onSubmit={() => remove.mutate({ perk_uuid: perk.uuid })}>
      <Notice tone="bad">{w.deletePerkAbout(perk.label)}</Notice>
    </FormDialog>
  );
}
