import { useState } from "react";

import { usePages } from "~/api/hooks";
import { useAsked } from "~/app/address";
import { Button } from "~/ui/button";
import { Answer, Card, Empty, Page } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { audit as texts } from "~/words/audit";
import { useFormats } from "~/words/format";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { ExportDialog } from "./export_dialog";
import { Filters, inputOf } from "./filters";
import { Outcome, Who, tookOf } from "./show";
import { VerifyDialog } from "./verify_dialog";

const pageSize = 50;

export default function Audit() {
  const w = useWords(texts);
  const f = useFormats();
  const server = useServer();
  const [asked, ask] = useAsked();
  const [open, setOpen] = useState<"export" | "verify">();
  const input = inputOf(asked);
  const calls = usePages("list_audit_calls", { ...input, limit: pageSize, brief: true }, {
    rows: (page) => page.calls,
    next: (page, last) => (page.calls.length < pageSize ? null : { ...last, before: page.calls.at(-1)!.uuid }),
  });
  return (
    <Page title={w.title} about={w.about}
          actions={(
            <>
              <Button icon="shield" onClick={() => setOpen("verify")}>{w.verify}</Button>
              <Button icon="download" onClick={() => setOpen("export")}>{w.export}</Button>
            </>
          )}>
      <Card className="mb-5" flush><Filters asked={asked} ask={ask} /></Card>
      <Card flush>
        <Answer of={calls}>
          {() => (
            <Table label={w.calls} rows={calls.rows} keyOf={(call) => call.uuid} to={(call) => `/audit/${call.uuid}`}
                   more={{ has: calls.hasNextPage, busy: calls.isFetchingNextPage, load: () => void calls.fetchNextPage() }}
                   empty={<Empty icon="audit" title={w.empty}>{w.emptyAbout}</Empty>}
                   columns={[
                     { name: w.what, cell: (call) => <>{server.title(call.operation)}<code className="block font-mono text-xs font-normal text-soft">{call.operation}</code></> },
                     { name: w.outcome, cell: (call) => <Outcome of={call.outcome} /> },
                     { name: w.who, cell: (call) => <Who call={call} /> },
                     { name: w.door, cell: (call) => w.doors[call.door], minor: true, className: "max-sm:hidden" },
                     { name: w.cost, cell: (call) => f.number(call.price), number: true, minor: true, className: "max-sm:hidden" },
                     { name: w.took, cell: (call) => tookOf(call.duration_us, w, f), number: true, minor: true, className: "max-sm:hidden" },
                     { name: w.when, cell: (call) => <Moment at={call.made_at} />, className: "sm:whitespace-nowrap" },
                   ]} />
          )}
        </Answer>
      </Card>
      {open === "export" && <ExportDialog input={input} onClose={() => setOpen(undefined)} />}
      {open === "verify" && <VerifyDialog onClose={() => setOpen(undefined)} />}
    </Page>
  );
}
