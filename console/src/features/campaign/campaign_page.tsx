import { useParams } from "@tanstack/react-router";
import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { FormDialog } from "~/ui/dialog";
import { Answer, Card, Notice } from "~/ui/page";
import { Facts, Table } from "~/ui/table";
import { tell } from "~/ui/toast";
import { campaign as texts } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import { CampaignState } from "./campaigns";
import { Conservation } from "./conservation";
import { Marketing } from "./marketing";
import { Metrics } from "./metrics";
import { Reasons } from "./reasons";

type Campaign = OutputOf<"get_campaign">;

export default function CampaignPage() {
  const w = useWords(texts);
  const { uuid = "" } = useParams({ strict: false }) as { uuid?: string };
  const [ends, setEnds] = useState(false);
  const read = useRead("get_campaign", { uuid }, ends ? {} : { every: 3_000 });
  const over = read.data !== undefined && (read.data.state === "failed" || read.data.state === "cancelled" || read.data.state === "selected" && read.data.queued + read.data.sending === 0);
  if (over !== ends) setEnds(over);
  return (
    <Marketing title={read.data?.name ?? w.campaign} back={{ to: "/marketing/campaigns", label: w.pages.campaigns }}
               about={read.data && <CampaignState state={read.data.state} />}
               actions={read.data && ["scheduled", "selecting"].includes(read.data.state) || read.data && read.data.queued > 0 ? <Cancel campaign={read.data} /> : undefined}>
      <Answer of={read}>{(campaign) => <Shown campaign={campaign} />}</Answer>
    </Marketing>
  );
}

function Shown({ campaign }: { campaign: Campaign }) {
  const w = useWords(texts);
  const f = useFormats();
  const segment = useRead("get_segment", { uuid: campaign.segment_uuid });
  const templates = useRead("list_mail_templates", { limit: 100 });
  const purposes = useRead("list_subscription_types", {});
  return (
    <div className="flex flex-col gap-4">
      {campaign.problem !== "" && <Notice tone="bad">{serverIn().say(campaign.problem)}</Notice>}
      <Card title={w.whereTheyAre} about={w.whereTheyAreAbout}>
        <Conservation total={campaign.selected} parts={[
          { name: w.parts.sent, count: campaign.sent, tone: "good" },
          { name: w.parts.suppressed, count: campaign.suppressed, tone: "warn" },
          { name: w.parts.failed, count: campaign.failed, tone: "bad" },
          { name: w.parts.waiting, count: campaign.queued + campaign.sending, tone: "info" },
          { name: w.parts.unknown, count: campaign.unknown, tone: "plain" },
          { name: w.parts.cancelled, count: campaign.cancelled, tone: "plain" },
        ]} />
      </Card>
      <Metrics uuid={campaign.uuid} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Card title={w.what}>
          <Facts of={[
            [w.when, f.moment(campaign.send_at)],
            [w.toWhom, segment.data?.name ?? "…"],
            [w.purpose, purposes.data?.types.find((one) => one.uuid === campaign.subscription_type_uuid)?.name ?? "…"],
          ]} />
          <div className="-mx-5 mt-4 -mb-4">
            <Table label={w.mails} rows={campaign.variants} keyOf={(one) => one.name} columns={[
              { name: w.variant, cell: (one) => one.name },
              { name: w.template, cell: (one) => templates.data?.templates.find((other) => other.uuid === one.template_uuid)?.name ?? "–" },
              { name: w.weight, number: true, cell: (one) => f.number(one.weight) },
              { name: w.parts.sent, number: true, cell: (one) => f.number(campaign.sent_by_variant.find((other) => other.name === one.name)?.count ?? 0) },
            ]} />
          </div>
        </Card>
        {campaign.suppressed_by_reason.length + campaign.failed_by_reason.length > 0 && (
          <div className="flex flex-col gap-4">
            {campaign.suppressed_by_reason.length > 0 && <Card title={w.whyNotSent}><Reasons of={campaign.suppressed_by_reason} /></Card>}
            {campaign.failed_by_reason.length > 0 && <Card title={w.whyFailed}><Reasons of={campaign.failed_by_reason} /></Card>}
          </div>
        )}
      </div>
    </div>
  );
}

function Cancel({ campaign }: { campaign: Campaign }) {
  const w = useWords(texts);
  const [asks, setAsks] = useState(false);
  const cancel = useWrite("cancel_campaign", {
    onDone: () => {
      setAsks(false);
      tell(w.cancelled);
    },
  });
  return (
    <>
      <Button look="danger" icon="stop" onClick={() => setAsks(true)}>{w.cancelCampaign}</Button>
      {asks && (
        <FormDialog title={w.cancelAsk(campaign.name)} action={w.cancelCampaign} danger busy={cancel.isPending} problems={otherProblems(cancel.error, [])}
                    onClose={() => setAsks(false)} onSubmit={() => cancel.mutate({ uuid: campaign.uuid })}>
          <p>{w.cancelAbout}</p>
        </FormDialog>
      )}
    </>
  );
}
