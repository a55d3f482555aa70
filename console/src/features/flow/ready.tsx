// What a flow's persona still lacks: grants, and connections that tools belong to.

import { Link } from "@tanstack/react-router";

import { useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Icon } from "~/ui/icon";
import { tell, tellProblem } from "~/ui/toast";
import { flow } from "~/words/flow";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { allSteps, dataOf, textOf, type Data, type Step } from "./model";
import { toolName } from "./say";

/** The tools that steps call, with the values of parameters filled in. One that is worked out on the way is left out. */
export function toolsOf(steps: Step[], values: Data): string[] {
  return withValues(allSteps(steps).filter((step) => step.kind === "call").map((step) => textOf(dataOf(step.given)["tool"])), values);
}

export function withValues(tools: string[], values: Data): string[] {
  const filled = tools.map((tool) => tool.replace(/\$\{\{\s*parameters\.(\w+)\s*\}\}/g, (_, name: string) => textOf(values[name])));
  return [...new Set(filled)].filter((tool) => /^\w+$/.test(tool) && !tool.startsWith("_"));
}

export function Readiness({ tools, personaUuid }: { tools: string[]; personaUuid: string }) {
  const w = useWords(flow);
  const server = useServer();
  const personas = useRead("list_personas", {});
  const known = useRead("list_tools", {});
  const grant = useWrite("grant_tools", { onDone: () => tell(w.granted) });
  const persona = personas.data?.personas.find((one) => one.uuid === personaUuid);
  if (!persona || !known.data) return null;
  const names = new Map(known.data.tools.map((one) => [one.tool, server.title(one.tool, one)]));
  const unconnected = tools.filter((tool) => !names.has(tool));
  const ungranted = tools.filter((tool) => names.has(tool) && !persona.grants.some((one) => one.tool === tool));
  if (unconnected.length + ungranted.length === 0) {
    return <p className="flex items-center gap-2 text-sm text-good"><Icon name="check" className="size-4.5" />{w.ready(persona.name)}</p>;
  }
  return (
    <div className="rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn">
      <p className="font-semibold">{w.notReady(persona.name)}</p>
      <ul className="mt-1.5 flex flex-col gap-1">
        {unconnected.map((tool) => (
          <li key={tool} className="flex flex-wrap gap-x-2"><span>{w.noSuchTool(toolName(tool, server))}</span><Link to="/integrations" className="font-semibold underline">{w.toIntegrations}</Link></li>
        ))}
        {ungranted.map((tool) => <li key={tool}>{w.noGrant(names.get(tool) ?? tool)}</li>)}
      </ul>
      {ungranted.length > 0 && (
        <div className="mt-2.5 flex flex-wrap items-center gap-3">
          <Button small busy={grant.isPending} icon="shield"
                  onClick={() => grant.mutate({ persona_uuid: personaUuid, grants: ungranted.map((tool) => ({ tool })) }, { onError: tellProblem })}>
            {w.grantThese(persona.name)}
          </Button>
          <Link to={`/personas/${personaUuid}`} className="font-semibold underline">{w.toPersona(persona.name)}</Link>
        </div>
      )}
    </div>
  );
}
