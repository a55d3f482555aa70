import { useRead } from "~/api/hooks";
import { Chart } from "~/ui/chart";
import { Answer, Card, Empty } from "~/ui/page";
import { insight } from "~/words/insight";
import { useWords } from "~/words/words";
import type { Period } from "./period";
import { queryOf } from "./query";

/** What came of all mails of the period. */
export function Mails({ period }: { period: Period }) {
  const w = useWords(insight);
  // Moments rather than days: until the last day has ended.
  const end = new Date(`${period.to}T00:00:00`);
  end.setDate(end.getDate() + 1);
  const input = { from: new Date(`${period.from}T00:00:00`).toISOString(), to: end.toISOString() };
  const read = useRead("get_campaign_metrics", input, { keep: true });
  return (
    <Answer of={read}>
      {({ mail }) => {
        if (mail.recipients + mail.opens + mail.unsubscribes === 0) return <Card title={w.mails} about={w.mailsAbout}><Empty icon="mail" title={w.noMails} /></Card>;
        const parts: [string, number][] = [
          [w.mail.recipients, mail.recipients], [w.mail.delivered, mail.delivered], [w.mail.opened, mail.opens_unique], [w.mail.clicked, mail.clicks_unique],
          [w.mail.bounced, mail.bounced], [w.mail.unsubscribed, mail.unsubscribes],
        ];
        return (
          <Chart title={w.mails} about={w.mailsAbout} kind="across" labels={parts.map(([name]) => name)} labelName={w.mailName} query={queryOf("get_campaign_metrics", input)}
                 series={[{ name: w.mails, values: parts.map(([, count]) => count) }]} />
        );
      }}
    </Answer>
  );
}
