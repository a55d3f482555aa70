import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { usePages } from "~/api/hooks";
import { Button, buttonClass } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { Answer, Card, Empty } from "~/ui/page";
import { Moment } from "~/ui/show";
import { Table } from "~/ui/table";
import { campaign } from "~/words/campaign";
import { useWords } from "~/words/words";
import { Marketing, more, nextPage } from "./marketing";
import { Sender } from "./sender";

export default function Templates() {
  const w = useWords(campaign);
  const [sender, setSender] = useState(false);
  const read = usePages("list_mail_templates", {}, { rows: (page) => page.templates, next: nextPage });
  return (
    <Marketing title={w.pages.templates} about={w.templatesAbout} actions={<><Button onClick={() => setSender(true)}>{w.sender}</Button><Link to="/marketing/templates/new" className={buttonClass("primary")}><Icon name="plus" />{w.newTemplate}</Link></>}>
      <Card flush>
        <Answer of={read}>
          {() => (
            <Table label={w.pages.templates} rows={read.rows} keyOf={(one) => one.uuid} to={(one) => `/marketing/templates/${one.uuid}`} more={more(read)}
                   empty={<Empty icon="mail" title={w.noTemplates}>{w.noTemplatesAbout}</Empty>}
                   columns={[{ name: w.name, cell: (one) => one.name }, { name: w.subject, cell: (one) => one.subject }, { name: w.changed, cell: (one) => <Moment at={one.updated_at} /> }]} />
          )}
        </Answer>
      </Card>
      {sender && <Sender onClose={() => setSender(false)} />}
    </Marketing>
  );
}
