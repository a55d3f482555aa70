import { useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Marketing } from "~/features/campaign/marketing";
import { Button, Buttons } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Problems, TextField } from "~/ui/field";
import { Answer, Card, Notice } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Tabs } from "~/ui/tabs";
import { tell, tellProblem } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { segment as texts } from "~/words/segment";
import { useWords } from "~/words/words";
import { ConditionNode } from "./condition_builder";
import { shownPaths } from "./create_segment";
import { Explain } from "./explain";
import { LiveCount, useLiveCount } from "./live_count";
import { Members } from "./members";
import { Pushes } from "./pushes";

export type Segment = OutputOf<"get_segment">;

export default function SegmentPage() {
  const w = useWords(texts);
  const c = useWords(campaign);
  const f = useFormats();
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const read = useRead("get_segment", { uuid });
  const refresh = useWrite("refresh_segment", { onDone: (now) => tell(w.refreshedNow(f.number(now.entered), f.number(now.left))) });
  const segment = read.data;
  return (
    <Marketing title={segment?.name ?? w.segment} back={{ to: "/marketing/segments", label: c.pages.segments }}
               about={segment && <>{segment.description && <p>{segment.description}</p>}<p className="mt-1 text-sm">{w.count(f.number(segment.size))} · {w.refreshed.toLowerCase()} <Moment at={segment.refreshed_at} none={w.filling} /></p></>}
               actions={segment && segment.conditions !== null && <Button icon="retry" busy={refresh.isPending} onClick={() => refresh.mutate({ uuid }, { onError: tellProblem })}>{w.refresh}</Button>}>
      <Answer of={read}>
        {(data) => {
          const tabs = [
            ...(data.conditions === null ? [] : [{ id: "conditions", label: w.who, content: <Conditions key={data.updated_at} segment={data} /> }]),
            { id: "members", label: w.members, content: <Members segment={data} /> },
            { id: "explain", label: w.explain, content: <Explain segment={data} /> },
            { id: "pushes", label: w.pushes, content: <Pushes segment={data} /> },
            { id: "settings", label: w.settings, content: <Settings segment={data} /> },
          ];
          return <Tabs label={data.name} tabs={tabs} chosen={tabs.some((one) => one.id === hash) ? hash : tabs[0]!.id} onChoose={(id) => void navigate({ to: ".", hash: id, replace: true, resetScroll: false })} />;
        }}
      </Answer>
    </Marketing>
  );
}

function Conditions({ segment }: { segment: Segment }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [changed, setChanged] = useState<unknown>(undefined);
  const conditions = changed ?? segment.conditions;
  const live = useLiveCount(conditions);
  const save = useWrite("update_segment", { onDone: () => { setChanged(undefined); tell(c.saved); } });
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card title={w.who} about={w.whoAbout}>
        <ConditionNode node={conditions} onChange={setChanged} path="conditions" problem={(path) => problemOf(live.error, path)} />
        {save.error && <div className="mt-3"><Problems of={otherProblems(save.error, shownPaths(conditions, "conditions"))} /></div>}
        <Buttons>
          <Button disabled={changed === undefined} onClick={() => setChanged(undefined)}>{w.discard}</Button>
          <Button look="primary" busy={save.isPending} disabled={changed === undefined} onClick={() => save.mutate({ uuid: segment.uuid, conditions })}>{c.save}</Button>
        </Buttons>
      </Card>
      <LiveCount of={live} shown={shownPaths(conditions, "conditions")} />
    </div>
  );
}

function Settings({ segment }: { segment: Segment }) {
  const w = useWords(texts);
  const m = useWords(campaign);
  const c = useWords(common);
  const navigate = useNavigate();
  const [name, setName] = useState(segment.name);
  const [description, setDescription] = useState(segment.description);
  const [asks, setAsks] = useState(false);
  const save = useWrite("update_segment", { onDone: () => tell(c.saved) });
  const remove = useWrite("delete_segment", { onDone: () => { tell(w.deleted(segment.name)); void navigate({ to: "/marketing/segments" }); } });
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Card>
        <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (!save.isPending) save.mutate({ uuid: segment.uuid, name, description }); }}>
          <TextField label={m.name} value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(save.error, "name")} />
          <TextField label={w.description} optional value={description} onChange={(event) => setDescription(event.target.value)} problem={problemOf(save.error, "description")} />
          <Problems of={otherProblems(save.error, ["name", "description"])} />
          <Buttons><Button type="submit" look="primary" busy={save.isPending}>{c.save}</Button></Buttons>
        </form>
      </Card>
      <Card title={w.deleteSegment} about={w.deleteAbout}>
        <Button look="danger" icon="trash" onClick={() => setAsks(true)}>{w.deleteSegment}</Button>
      </Card>
      {asks && (
        <FormDialog title={w.deleteAsk(segment.name)} action={w.deleteSegment} danger busy={remove.isPending} problems={otherProblems(remove.error, [])} onClose={() => setAsks(false)} onSubmit={() => remove.mutate({ uuid: segment.uuid })}>
          <Notice tone="warn">{w.deleteLost}</Notice>
        </FormDialog>
      )}
    </div>
  );
}
