import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";

import { useRead, useWrite } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Empty, Notice, Page } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { Avatar } from "./avatar";
import { CreatePersona } from "./create";
import { StopDialog, useLetAct } from "./kill_switch";
import { useMayAct, type Persona } from "./tools";

const searchedFrom = 8;
const middle = "sm:align-middle!"; // Beside an avatar.
const shownFirst = 50;

function Named({ of }: { of: Persona }) {
  return (
    <span className="flex items-center gap-3">
      <Avatar avatar={of.avatar} name={of.name} off={of.state === "stopped"} />
      <span className="min-w-0">
        <bdi className="block wrap-anywhere">{of.name}</bdi>
        {of.instructions && <span className="line-clamp-1 max-w-md text-sm font-normal text-soft">{of.instructions}</span>}
      </span>
    </span>
  );
}

function List({ all }: { all: Persona[] }) {
  const w = useWords(persona);
  const c = useWords(common);
  const id = useId();
  const may = useMayAct();
  const navigate = useNavigate();
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(shownFirst);
  const [stops, setStops] = useState<Persona | null>(null);
  const { letAct } = useLetAct();
  const start = useWrite("start_conversation", { onDone: (made) => void navigate({ to: `/chat/${made.uuid}` }) });
  const found = all.filter((one) => one.name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Card flush>
      {all.length >= searchedFrom && (
        <div className="border-b border-line p-3">
          <label htmlFor={id} className="sr-only">{w.find}</label>
          <input id={id} type="search" placeholder={w.find} value={search} onChange={(event) => setSearch(event.target.value)}
                 className="w-full max-w-xs rounded-lg border border-edge/70 bg-paper px-3 py-1.5 placeholder:text-soft" />
        </div>
      )}
      <Table label={w.title} rows={found.slice(0, limit)} keyOf={(one) => one.uuid} to={(one) => `/personas/${one.uuid}`}
             more={{ has: found.length > limit, busy: false, load: () => setLimit(limit * 2) }}
             empty={<Empty icon="persona" title={w.noneFound} />}
             columns={[
               { name: w.persona, className: `${middle} sm:min-w-64`, cell: (one) => <Named of={one} /> },
               { name: c.state, className: middle, cell: (one) => <Badge tone={one.state === "active" ? "good" : "bad"}>{w.states[one.state]}</Badge> },
               {
                 name: w.tools, className: middle, cell: (one) => {
                   const always = one.grants.filter((grant) => grant.ask === "always").length;
                   return <span className="whitespace-nowrap">{w.toolCount(one.grants.length)}{always > 0 && <span className="block text-sm text-soft">{w.asksFirst(always)}</span>}</span>;
                 },
               },
               { name: w.model, minor: true, className: middle, cell: (one) => (one.model ? <span className="wrap-anywhere">{one.model}</span> : <span className="whitespace-nowrap text-soft">{w.interpreter}</span>) },
               { name: w.changed, minor: true, className: middle, cell: (one) => <span className="whitespace-nowrap"><Moment at={one.updated_at} /></span> },
             ]}
             actions={(one) => (
               <Menu items={[
                 { label: w.talk, icon: "chat", disabled: one.state === "stopped", onSelect: () => start.mutate({ persona_uuid: one.uuid }, { onError: tellProblem }) },
                 ...(!may ? [] : [
                   "line" as const,
                   one.state === "active" ? { label: w.stop, icon: "stop" as const, danger: true, onSelect: () => setStops(one) }
                     : { label: w.letAct, icon: "play" as const, onSelect: () => letAct(one.uuid) },
                 ]),
               ]}>
                 <IconButton icon="more" label={`${c.actions}: ${one.name}`} className="sm:mt-1" />
               </Menu>
             )} />
      {stops && <StopDialog only stops={[stops]} onClose={() => setStops(null)} />}
    </Card>
  );
}

export default function Personas() {
  const w = useWords(persona);
  const may = useMayAct();
  const read = useRead("list_personas", {});
  const [dialog, setDialog] = useState<"create" | "stop" | null>(null);
  const { letAct, busy } = useLetAct();
  const all = read.data?.personas ?? [];
  const active = all.filter((one) => one.state === "active");
  return (
    <Page title={w.title} about={w.about}
          actions={may && all.length > 0 && (
            <>
              {active.length > 0
                ? <Button look="danger" icon="stop" onClick={() => setDialog("stop")}>{w.stopAll}</Button>
                : <Button icon="play" busy={busy} onClick={() => letAct()}>{w.letAllAct}</Button>}
              <Button look="primary" icon="plus" onClick={() => setDialog("create")}>{w.make}</Button>
            </>
          )}>
      {!may && <div className="mb-4"><Notice>{w.mayLook}</Notice></div>}
      <Answer of={read}>
        {() => all.length === 0
          ? (
            <Card>
              <Empty icon="persona" title={w.none} action={may && <Button look="primary" icon="plus" onClick={() => setDialog("create")}>{w.make}</Button>}>{w.noneAbout}</Empty>
            </Card>
          )
          : <List all={all} />}
      </Answer>
      {dialog === "create" && <CreatePersona onClose={() => setDialog(null)} />}
      {dialog === "stop" && <StopDialog stops={active} onClose={() => setDialog(null)} />}
    </Page>
  );
}
