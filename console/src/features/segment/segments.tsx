import { useState } from "react";

import { usePages } from "~/api/hooks";
import { Marketing, more, nextPage } from "~/features/campaign/marketing";
import { Button } from "~/ui/button";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { segment } from "~/words/segment";
import { useWords } from "~/words/words";
import { CreateSegment } from "./create_segment";

export default function Segments() {
  const w = useWords(segment);
  const c = useWords(campaign);
  const f = useFormats();
  const [creating, setCreating] = useState(false);
  const read = usePages("list_segments", {}, { rows: (page) => page.segments, next: nextPage });
  return (
    <Marketing title={c.pages.segments} about={w.about} actions={<Button look="primary" icon="plus" onClick={() => setCreating(true)}>{w.create}</Button>}>
      <Card flush>
        <Answer of={read}>
          {() => (
            <Table label={c.pages.segments} rows={read.rows} keyOf={(one) => one.uuid} to={(one) => `/marketing/segments/${one.uuid}`} more={more(read)}
                   empty={<Empty icon="segment" title={w.none}>{w.noneAbout}</Empty>}
                   columns={[
                     { name: c.name, cell: (one) => <><span className="block">{one.name}</span>{one.description && <span className="line-clamp-1 text-sm font-normal text-soft">{one.description}</span>}</> },
                     { name: w.decided, cell: (one) => <Badge tone={one.conditions === null ? "plain" : "info"}>{one.conditions === null ? w.byHand : w.byConditions}</Badge> },
                     { name: w.members, number: true, cell: (one) => f.number(one.size) },
                     { name: w.refreshed, cell: (one) => <Moment at={one.refreshed_at} none={w.filling} /> },
                   ]} />
          )}
        </Answer>
      </Card>
      {creating && <CreateSegment onClose={() => setCreating(false)} />}
    </Marketing>
  );
}
