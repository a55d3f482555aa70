import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Button } from "./button";
import { join } from "./class";

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand below each other. */
  number?: boolean;
  /** Left out where there is little room. */
  minor?: boolean;
  /** Sentences: on a narrow screen they stand alone under the row's name. */
  prose?: boolean;
  className?: string;
}

/**
 * Rows under named columns. On a narrow screen each row is a small card, its cells under each other
 * beside their names. The first column names the row, and leads where `to` says.
 */
export function Table<Row>({ label, columns, rows, keyOf, to, onOpen, empty, more, actions, actionsBelow }: {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  to?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  empty?: ReactNode;
  /** There are more rows: what fetches them. */
  more?: { has: boolean; busy: boolean; load: () => void };
  /** What can be done with a row: a menu, buttons. */
  actions?: (row: Row) => ReactNode;
  /** Several buttons: on a narrow screen they stand under the row, so that its name has room. */
  actionsBelow?: boolean;
}) {
  const w = useWords(common);
  const navigate = useNavigate();
  if (rows.length === 0 && empty) return empty;
  const opens = to !== undefined || onOpen !== undefined;
  const open = (row: Row) => (onOpen ? onOpen(row) : to && void navigate({ to: to(row) }));
  return (
    <>
      {/* Where there is room, words stay whole; what is one endless word is scrolled to. */}
      <div className="relative overflow-x-auto">
        <table className="block w-full text-left sm:table lg:wrap-break-word" aria-label={label}>
          <thead className="hidden border-b border-line bg-sunk/50 text-sm text-soft sm:table-header-group">
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col"
                    className={join("px-4 py-2.5 font-medium wrap-break-word first:pl-5 last:pr-5", column.number && "text-right",
                                    column.minor && "hidden lg:table-cell", column.className)}>
                  {column.name}
                </th>
              ))}
              {actions && <th scope="col" className="w-px px-4 py-2.5"><span className="sr-only">{w.actions}</span></th>}
            </tr>
          </thead>
          <tbody className="block divide-y divide-line sm:table-row-group">
            {rows.map((row) => (
              <tr key={keyOf(row)} className={join("relative grid grid-cols-[1fr_auto] px-5 py-3 sm:table-row", opens && "hover:bg-sunk/60")}>
                {columns.map((column, at) => (
                  <td key={column.name}
                      className={join(at > 0 && "col-span-2", "col-start-1 flex justify-between gap-4 py-0.5 sm:table-cell sm:px-4 sm:py-2.5 sm:align-top sm:first:pl-5 sm:last:pr-5",
                                      column.number && "tabular-nums sm:text-right sm:whitespace-nowrap", column.minor && "sm:hidden lg:table-cell",
                                      at === 0 && "font-medium", column.className)}>
                    {at > 0 && !column.prose && <span aria-hidden="true" className="shrink-0 text-sm font-normal text-soft sm:hidden">{column.name}</span>}
                    {at === 0 && opens
                      ? <RowLink href={to?.(row)} onOpen={() => open(row)}>{column.cell(row)}</RowLink>
                      : <span className={join("min-w-0 sm:[text-align:inherit]", at > 0 && !column.prose && "text-right")}>{column.cell(row)}</span>}
                  </td>
                ))}
                {actions && (
                  // What has an edge of its own stands below what the card's title offers; what has none, a little further out.
                  <td className={join("relative z-10 sm:table-cell sm:py-1.5 sm:pr-5 sm:pl-3 sm:text-right sm:align-top sm:has-[.size-9]:py-1 sm:has-[.size-9]:pr-3 sm:has-[.bg-transparent:last-child]:pr-3",
                                      actionsBelow ? "col-span-2 col-start-1 justify-self-end max-sm:pt-1.5 max-sm:empty:hidden" : "col-start-2 row-start-1 max-sm:-my-1")}>
                    {actions(row)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more?.has && (
        <div className="border-t border-line p-3 text-center">
          <Button look="quiet" busy={more.busy} onClick={more.load}>{w.more}</Button>
        </div>
      )}
    </>
  );
}

/** Covers the whole row, so that a press anywhere on it opens what the row is about. */
function RowLink({ href, onOpen, children }: { href: string | undefined; onOpen: () => void; children: ReactNode }) {
  const cover = "text-left after:absolute after:inset-0";
  if (!href) return <button type="button" onClick={onOpen} className={cover}>{children}</button>;
  return (
    <a href={href} className={cover}
       onClick={(event) => {
         if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
         event.preventDefault();
         onOpen();
       }}>
      {children}
    </a>
  );
}

/** Names and values under each other. */
export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2.5 sm:grid-cols-[fit-content(50%)_minmax(0,1fr)]">
      {of.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-sm text-soft sm:min-w-32 sm:pt-0.5">{name}</dt>
          <dd className="min-w-0 max-sm:-mt-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
