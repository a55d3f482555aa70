import { useState } from "react";

import { usePages } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { Marketing, more, nextPage } from "./marketing";
import { SequenceForm } from "./sequence_form";

export default function Sequences() {
  const w = useWords(campaign);
  const f = useFormats();
  const [making, setMaking] = useState(false);
  const read = usePages("list_sequences", {}, { rows: (page) => page.sequences, next: nextPage });
  return (
    <Marketing title={w.pages.sequences} about={w.sequencesAbout} actions={<Button look="primary" icon="plus" onClick={() => setMaking(true)}>{w.newSequence}</Button>}>
      <Card flush>
        <Answer of={read}>
          {() => (
            <Table label={w.pages.sequences} rows={read.rows} keyOf={(one) => one.uuid} to={(one) => `/marketing/sequences/${one.uuid}`} more={more(read)}
                   empty={<Empty icon="clock" title={w.noSequences}>{w.noSequencesAbout}</Empty>}
                   columns={[
                     { name: w.name, cell: (one) => <><span className="block">{one.name}</span>{one.description && <span className="line-clamp-1 text-sm font-normal text-soft">{one.description}</span>}</> },
                     { name: w.state, cell: (one) => <Badge tone={one.state === "active" ? "good" : "warn"}>{w.sequenceStates[one.state]}</Badge> },
                     { name: w.purpose, cell: (one) => one.purpose },
                     { name: w.mails, number: true, cell: (one) => f.number(one.steps) },
                   ]} />
          )}
        </Answer>
      </Card>
      {making && <SequenceForm sequence={null} onClose={() => setMaking(false)} />}
    </Marketing>
  );
}
