// Two lists that are read a page at a time, newest first, as one.

interface Paged<Row> {
  rows: Row[];
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

interface Timed {
  created_at: string;
}

/**
 * What of both is surely complete: nothing older than the last row of a list that goes on. `load`
 * reads on where the list ends first.
 */
export function merged<One extends Timed, Other extends Timed>(one: Paged<One>, other: Paged<Other>) {
  const endOf = (list: Paged<Timed>) => (list.hasNextPage ? list.rows.at(-1)?.created_at ?? "" : "");
  const ends = [endOf(one), endOf(other)] as const;
  const horizon = ends[0] > ends[1] ? ends[0] : ends[1];
  const rows = [...one.rows.map((row) => ({ of: "one" as const, row })), ...other.rows.map((row) => ({ of: "other" as const, row }))]
    .filter(({ row }) => row.created_at >= horizon)
    .sort((left, right) => right.row.created_at.localeCompare(left.row.created_at));
  return {
    rows,
    has: one.hasNextPage || other.hasNextPage,
    busy: one.isFetchingNextPage || other.isFetchingNextPage,
    load: () => {
      if (one.hasNextPage && (ends[0] === horizon || !other.hasNextPage)) void one.fetchNextPage();
      if (other.hasNextPage && (ends[1] === horizon || !one.hasNextPage)) void other.fetchNextPage();
    },
  };
}
