import { useRead } from "~/api/hooks";
import { Answer, Card } from "~/ui/page";
import { campaign } from "~/words/campaign";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";

/** What became of the mails of one campaign or sequence. */
export function Metrics({ uuid }: { uuid: string }) {
  const w = useWords(campaign);
  const f = useFormats();
  const read = useRead("get_campaign_metrics", { campaign_uuid: uuid });
  return (
    <Card title={w.results} about={w.resultsAbout}>
      <Answer of={read}>
        {({ mail }) => (
          <dl className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3 lg:grid-cols-6">
            <Figure name={w.figures.delivered} value={f.number(mail.delivered)} about={f.percent(mail.delivery_rate)} />
            <Figure name={w.figures.opened} value={f.number(mail.opens_unique)} about={f.percent(mail.open_rate)} />
            <Figure name={w.figures.clicked} value={f.number(mail.clicks_unique)} about={f.percent(mail.click_rate)} />
            <Figure name={w.figures.bounced} value={f.number(mail.bounced)} />
            <Figure name={w.figures.unsubscribed} value={f.number(mail.unsubscribes)} />
            <Figure name={w.figures.complaints} value={f.number(mail.spam_complaints)} />
          </dl>
        )}
      </Answer>
    </Card>
  );
}

function Figure({ name, value, about }: { name: string; value: string; about?: string }) {
  return (
    <div>
      <dt className="text-sm text-soft">{name}</dt>
      <dd><span className="text-xl font-semibold tabular-nums">{value}</span>{about && <span className="ml-1.5 text-sm text-soft">{about}</span>}</dd>
    </div>
  );
}
