// Who uses the tools of a connection: the personas that they are granted to, and the flows whose
// steps name one of them.

import { useQueries } from "@tanstack/react-query";

import { piggy, type OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import type { Connection } from "./state";

type Flow = OutputOf<"list_flows">["flows"][number];

export interface Uses {
  personas: { uuid: string; name: string; tools: string[] }[];
  flows: Flow[];
  pending: boolean;
  /** Why not all of it could be looked at. */
  errors: Error[];
}

/** Whether a flow's definition names one of these anywhere, by itself or within an expression. */
export function names(definition: unknown, wanted: readonly string[]): boolean {
  if (typeof definition === "string") return wanted.some((one) => definition.includes(one));
  if (Array.isArray(definition)) return definition.some((one) => names(one, wanted));
  if (definition !== null && typeof definition === "object") return Object.values(definition).some((one) => names(one, wanted));
  return false;
}

export function useUses(connection: Connection): Uses {
  const personas = useRead("list_personas", {});
  const flows = useRead("list_flows", {});
  const listed = flows.data?.flows ?? [];
  const definitions = useQueries({
    queries: listed.map((flow) => ({
      queryKey: ["get_flow", { flow_uuid: flow.uuid }],
      queryFn: () => piggy.call("get_flow", { flow_uuid: flow.uuid }),
    })),
  });
  const wanted = [...connection.tools, ...(connection.uuid ? [connection.uuid] : [])];
  const held = (personas.data?.personas ?? []).map((one) => ({
    uuid: one.uuid, name: one.name, tools: one.grants.map((grant) => grant.tool).filter((tool) => connection.tools.includes(tool)),
  }));
  return {
    personas: held.filter((one) => one.tools.length > 0),
    flows: listed.filter((_, at) => names(definitions[at]?.data?.definition, wanted)),
    pending: personas.isPending || flows.isPending || definitions.some((one) => one.isPending),
    errors: [personas.error, flows.error, ...definitions.map((one) => one.error)].filter((one) => one !== null),
  };
}
