// The first steps of a new shop; each ticks itself off by what there is.

import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useRead } from "~/api/hooks";
import { IconButton } from "~/ui/button";
import { join } from "~/ui/class";
import { Icon } from "~/ui/icon";
import { Card } from "~/ui/page";
import { home } from "~/words/home";
import { useWords } from "~/words/words";

type Step = keyof (typeof home)["en"]["stepNames"];

const hiddenKey = "first-steps-hidden";

export function Steps() {
  const w = useWords(home);
  const [hidden, setHidden] = useState(localStorage.getItem(hiddenKey) !== null);
  const connections = useRead("list_connections", {}, { enabled: !hidden });
  const personas = useRead("list_personas", {}, { enabled: !hidden });
  const conversations = useRead("list_conversations", {}, { enabled: !hidden });
  const flows = useRead("list_flows", {}, { enabled: !hidden });
  if (hidden || !connections.data || !personas.data || !conversations.data || !flows.data) return null;
  const first = personas.data.personas[0];
  const steps: { name: Step; to: string; search?: { tab: string }; done: boolean }[] = [
    { name: "connect", to: "/integrations", done: connections.data.connections.some((one) => one.uuid !== null) },
    { name: "persona", to: "/personas", done: first !== undefined },
    { name: "grant", to: first ? `/personas/${first.uuid}` : "/personas", ...(first ? { search: { tab: "grants" } } : {}), done: personas.data.personas.some((one) => one.grants.length > 0) },
    { name: "talk", to: "/chat", done: conversations.data.conversations.length > 0 },
    { name: "flow", to: "/flows", done: flows.data.flows.length > 0 },
  ];
  const done = steps.filter((one) => one.done).length;
  if (done === steps.length) return null;
  return (
    <Card flush title={w.steps} about={w.stepsAbout(done, steps.length)}
          actions={<IconButton icon="close" label={w.hideSteps} className="-mt-1 -mr-2" onClick={() => { localStorage.setItem(hiddenKey, "yes"); setHidden(true); }} />}>
      <ol className="divide-y divide-line border-t border-line">
        {steps.map((step) => (
          <li key={step.name}>
            <Link to={step.to} {...(step.search ? { search: step.search } : {})} className="flex items-center gap-3 px-5 py-2.5 hover:bg-sunk/60">
              <span className={join("grid size-6 shrink-0 place-items-center rounded-full border", step.done ? "border-transparent bg-good-soft text-good" : "border-edge/60")}>
                {step.done && <Icon name="check" className="size-4" />}
              </span>
              <span className="min-w-0 grow">
                <span className={join("block", step.done ? "text-soft line-through decoration-edge/60" : "font-medium")}>{w.stepNames[step.name]}</span>
                {!step.done && <span className="block text-sm text-soft">{w.stepAbouts[step.name]}</span>}
              </span>
              <span className="sr-only">{step.done ? w.doneStep : w.toDo}</span>
              {!step.done && <Icon name="right" className="size-4 text-soft" />}
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
