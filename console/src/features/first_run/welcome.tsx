// The rest of the first run, once somebody is signed in. What is done is seen by what there is, so it
// can be left and come back to.

import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { useSession } from "~/api/client";
import { useRead } from "~/api/hooks";
import { buttonClass } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { Card, Page } from "~/ui/page";
import { firstRun as texts } from "~/words/first_run";
import { useWords } from "~/words/words";
import { Fill } from "./fill";
import { Connect } from "./connect";
import { Progress } from "./progress";
import { Talk } from "./talk";

export default function Welcome() {
  const w = useWords(texts);
  const { company, account } = useSession();
  const [empty, setEmpty] = useState(false);
  const contacts = useRead("list_contacts", { limit: 1 });
  const connections = useRead("list_connections", {});
  const conversations = useRead("list_conversations", {});
  const others = (connections.data?.connections ?? []).filter((one) => one.uuid !== null && one.state !== "revoked");
  const has = { contacts: (contacts.data?.contacts.length ?? 0) > 0, talked: (conversations.data?.conversations.length ?? 0) > 0 };
  const filled = has.contacts || empty;
  const done = [
    "owner" as const, "shop" as const, ...(filled ? ["fill" as const] : []), ...(others.length > 0 ? ["connect" as const] : []),
    ...(has.talked ? ["talk" as const] : []),
  ];
  const now = (["fill", "connect", "talk"] as const).find((step) => !done.includes(step));
  return (
    <Page title={w.welcome(company || account)} about={now ? w.welcomeAbout : w.allDone} narrow
          actions={<Link to="/" className={buttonClass(now ? "plain" : "primary")}>{now ? w.skip : w.toStart}</Link>}>
      <Progress done={done} now={now} />
      <div className="flex flex-col gap-5">
        <StepCard number={3} to="/contacts" title={w.fillTitle} about={w.fillAbout} done={filled ? (has.contacts ? w.hasContacts : w.chosenEmpty) : undefined}>
          <Fill onEmpty={() => setEmpty(true)} />
        </StepCard>
        <StepCard number={4} to="/integrations" title={w.connectTitle} about={w.connectAbout}
                  done={others.length > 0 ? w.connected(others.map((one) => one.name).join(", ")) : undefined}>
          <Connect first={now === "connect"} />
        </StepCard>
        <StepCard number={5} to="/chat" title={w.talkTitle} about={w.talkAbout} done={has.talked ? w.talked : undefined}>
          <Talk first={now === "talk"} />
        </StepCard>
      </div>
    </Page>
  );
}

function StepCard({ number, title, about, to, done, children }: {
  number: number; title: string; about: string;
  /** Where to see what came of it. */
  to: string;
  /** What came of it; nothing yet when left out. */
  done: string | undefined; children: ReactNode;
}) {
  if (done === undefined) {
    return (
      <Card title={<span className="flex items-center gap-2.5"><Number>{number}</Number>{title}</span>} about={about}>{children}</Card>
    );
  }
  return (
    <Link to={to} className="flex items-center gap-3 rounded-2xl border border-line bg-paper px-5 py-4 hover:bg-sunk/60">
      <span className="grid size-7 shrink-0 place-items-center rounded-full bg-good-soft text-good"><Icon name="check" className="size-4" /></span>
      <div className="min-w-0 grow">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-sm text-soft">{done}</p>
      </div>
      <Icon name="right" className="size-4 text-soft" />
    </Link>
  );
}

function Number({ children }: { children: ReactNode }) {
  return <span className="grid size-7 shrink-0 place-items-center rounded-full bg-blush text-sm font-semibold text-pink">{children}</span>;
}
