import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Failed, Notice, Page } from "~/ui/page";
import { Tabs } from "~/ui/tabs";
import { tellProblem } from "~/ui/toast";
import { common } from "~/words/common";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { Avatar } from "./avatar";
import { Connect } from "./connect";
import { Grants } from "./grants";
import { StopDialog, useLetAct } from "./kill_switch";
import { Overview } from "./overview";
import { Record } from "./record";
import { useMayAct, type Persona } from "./tools";
import { Usage } from "./usage";

function Actions({ of }: { of: Persona }) {
  const w = useWords(persona);
  const navigate = useNavigate();
  const may = useMayAct();
  const [stops, setStops] = useState(false);
  const { letAct, busy } = useLetAct();
  const start = useWrite("start_conversation", { onDone: (made) => void navigate({ to: `/chat/${made.uuid}` }) });
  const active = of.state === "active";
  return (
    <>
      {may && (active
        ? <Button look="danger" icon="stop" onClick={() => setStops(true)}>{w.stop}</Button>
        : <Button icon="play" busy={busy} onClick={() => letAct(of.uuid)}>{w.letAct}</Button>)}
      <Button look="primary" icon="chat" busy={start.isPending} disabled={!active} onClick={() => start.mutate({ persona_uuid: of.uuid }, { onError: tellProblem })}>{w.talk}</Button>
      {stops && <StopDialog only stops={[of]} onClose={() => setStops(false)} />}
    </>
  );
}

export default function PersonaPage() {
  const w = useWords(persona);
  const c = useWords(common);
  const { uuid = "" }: { uuid?: string } = useParams({ strict: false });
  const { tab }: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const read = useRead("list_personas", {});
  const of = read.data?.personas.find((one) => one.uuid === uuid);
  return (
    <Page title={of?.name ?? w.persona} back={{ to: "/personas", label: w.title }}
          about={of && (
            <span className="flex items-center gap-2.5">
              <Avatar avatar={of.avatar} name={of.name} size="small" off={of.state === "stopped"} />
              <Badge tone={of.state === "active" ? "good" : "bad"}>{w.states[of.state]}</Badge>
              <span>{of.model || w.interpreter}</span>
            </span>
          )}
          actions={of && <Actions of={of} />}>
      <Answer of={read}>
        {() => !of
          ? <Failed error={new Error(c.notFound)} />
          : (
            <>
              {of.state === "stopped" && <div className="mb-4"><Notice tone="bad">{w.isStopped}</Notice></div>}
              <Tabs label={of.name} chosen={tab ?? "overview"}
                    onChoose={(id) => void navigate({ to: `/personas/${uuid}`, search: id === "overview" ? {} : { tab: id }, replace: true, resetScroll: false })}
                    tabs={[
                      { id: "overview", label: w.overview, content: <Overview of={of} /> },
                      { id: "grants", label: w.grants, content: <Grants of={of} /> },
                      { id: "connect", label: w.connect, content: <Connect of={of} /> },
                      { id: "usage", label: w.usage, content: <Usage of={of} /> },
                      { id: "record", label: w.record, content: <Record of={of} /> },
                    ]} />
            </>
          )}
      </Answer>
    </Page>
  );
}
