// The tools that can be granted, by their names; and who may change what is granted.

import { useMemo } from "react";

import { useSession, type OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { useServer } from "~/words/server";

export type ToolInfo = OutputOf<"list_tools">["tools"][number];
export type Persona = OutputOf<"list_personas">["personas"][number];
export type Grant = Persona["grants"][number];

export function useTools(): { all: ToolInfo[]; find: (tool: string) => ToolInfo | undefined; title: (tool: string) => string } {
  const server = useServer();
  const read = useRead("list_tools", {});
  const data = read.data;
  return useMemo(() => {
    const all = data?.tools ?? [];
    const known = new Map(all.map((one) => [one.tool, one]));
    const find = (tool: string) => known.get(tool) ?? known.get(`piggy_${tool}`);
    return { all, find, title: (tool: string) => server.title(tool, find(tool)) };
  }, [data, server]);
}

/** Whether the role lets one change personas and decide for them; the server has the last word. */
export function useMayAct(): boolean {
  const { role } = useSession();
  return role === "owner" || role === "marketer";
}
