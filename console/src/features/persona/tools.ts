// The tools that can be granted, by their names; and who may change what is granted.

import { useMemo } from "react";

import { useSession, type OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { readable } from "~/ui/schema_form";

export type ToolInfo = OutputOf<"list_tools">["tools"][number];
export type Persona = OutputOf<"list_personas">["personas"][number];
export type Grant = Persona["grants"][number];

const own = "piggy_";

/** Conversations and approvals call Piggy's own tools by their short names. */
export function shortName(tool: string): string {
  return tool.startsWith(own) ? tool.slice(own.length) : tool;
}

/** What a tool that is gone, or that one may not see, is called. */
export function nameOf(tool: string, info: ToolInfo | undefined): string {
  return info?.title || readable(shortName(tool));
}

export function useTools(): { all: ToolInfo[]; find: (tool: string) => ToolInfo | undefined; title: (tool: string) => string } {
  const read = useRead("list_tools", {});
  const data = read.data;
  return useMemo(() => {
    const all = data?.tools ?? [];
    const known = new Map(all.map((one) => [one.tool, one]));
    const find = (tool: string) => known.get(tool) ?? known.get(own + tool);
    return { all, find, title: (tool: string) => nameOf(tool, find(tool)) };
  }, [data]);
}

/** Whether the role lets one change personas and decide for them; the server has the last word. */
export function useMayAct(): boolean {
  const { role } = useSession();
  return role === "owner" || role === "marketer";
}
