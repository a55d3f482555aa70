// Tools by the connection that brings them.

import { useRead } from "~/api/hooks";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";

export interface Group<Row> {
  connection: string;
  rows: Row[];
}

/** Piggy's own first, then by name. */
export function groupsOf<Row>(rows: Row[], connectionOf: (row: Row) => string): Group<Row>[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const connection = connectionOf(row);
    const group = groups.get(connection);
    if (group) group.push(row);
    else groups.set(connection, [row]);
  }
  return [...groups].map(([connection, all]) => ({ connection, rows: all })).sort((a, b) => a.connection.localeCompare(b.connection));
}

/** What people call a connection. */
export function useConnectionName(): (connection: string) => string {
  const w = useWords(persona);
  const read = useRead("list_connections", {});
  return (connection) => (connection === "" ? w.thisPiggy
    : read.data?.connections.find((one) => one.handle === connection || one.uuid === connection)?.name ?? connection);
}
