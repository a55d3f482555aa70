// Reading and writing by operations, within React.

import {
  MutationCache, QueryCache, QueryClient, keepPreviousData, useInfiniteQuery, useMutation, useQuery,
} from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import {
  PiggyError, piggy, sessionEnded, type InputOf, type OutputOf, type ReadName, type WriteName,
} from "./client";
import { common } from "~/words/common";
import { serverIn } from "~/words/server";
import { firstLanguage } from "~/words/words";
import { refusals } from "./refusals";
import { tell } from "./told";

function failed(error: unknown) {
  if (error instanceof PiggyError && error.status === 401) sessionEnded();
}

/** Whether it is worth asking again: the server was gone or busy, rather than it said no. */
export function passes(error: unknown): boolean {
  return !(error instanceof PiggyError) || error.status === 429 || error.status >= 500;
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: failed }),
  mutationCache: new MutationCache({
    onError: (error) => {
      refusals.set(refusals.get() + 1);
      failed(error);
    },
  }),
  defaultOptions: {
    queries: { staleTime: 10_000, retry: (count, error) => count < 2 && passes(error) },
    mutations: { retry: false },
  },
});

/** crypto.randomUUID is there on https and localhost alone; a shop's own network may have neither. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface ReadOptions {
  enabled?: boolean;
  /** Shows the last answer until the next one is there: for searches and pages. */
  keep?: boolean;
  /** Asks again by itself, in milliseconds: for what the server tells nobody of. */
  every?: number;
}

export function useRead<Name extends ReadName>(name: Name, input: InputOf<Name>, options: ReadOptions = {}) {
  return useQuery<OutputOf<Name>, Error>({
    queryKey: [name, input],
    queryFn: ({ signal }) => piggy.call(name, input, { signal }),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(options.every ? { refetchInterval: options.every } : {}),
  });
}

/**
 * A list that is read a page at a time. `next` makes the input of the page after one, or null at the
 * end; `rows` takes the rows out of an answer.
 */
export function usePages<Name extends ReadName, Row>(
  name: Name, first: InputOf<Name>,
  { rows, next }: {
    rows: (page: OutputOf<Name>) => Row[];
    next: (page: OutputOf<Name>, input: InputOf<Name>) => InputOf<Name> | null;
  },
) {
  const query = useInfiniteQuery({
    queryKey: [name, first, "pages"],
    queryFn: ({ pageParam, signal }) => piggy.call(name, pageParam as InputOf<Name>, { signal }),
    initialPageParam: first,
    getNextPageParam: (page: OutputOf<Name>, _all: OutputOf<Name>[], input: InputOf<Name>) => next(page, input),
  });
  // What was read before stays, so that nothing else says why there is no more of it.
  const failed = query.isFetchNextPageError ? query.error : null;
  useEffect(() => {
    if (failed && !(failed instanceof PiggyError && failed.status === 401)) tell(messageOf(failed), true);
  }, [failed]);
  return { ...query, rows: (query.data?.pages ?? []).flatMap(rows) };
}

/**
 * A write. The same input that failed before is sent again under the same key, so that it acts once
 * however often a person presses the button. What the page shows is read again afterwards.
 */
export function useWrite<Name extends WriteName>(
  name: Name, options: { onDone?: (output: OutputOf<Name>, input: InputOf<Name>) => void } = {},
) {
  return useOnce<InputOf<Name>, OutputOf<Name>>((input, idempotencyKey) => piggy.call(name, input, { idempotencyKey }), options.onDone);
}

/** The same for what is no operation of ours: `send` gets the key that goes with the input. */
export function useOnce<Input, Output>(send: (input: Input, key: string) => Promise<Output>, onDone?: (output: Output, input: Input) => void) {
  const attempt = useRef({ input: "", key: "" });
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      const text = JSON.stringify(input);
      if (attempt.current.input !== text) attempt.current = { input: text, key: newKey() };
      return send(input, attempt.current.key);
    },
    onSuccess: async (output, input) => {
      attempt.current = { input: "", key: "" };
      onDone?.(output, input);
      await queries.invalidateQueries();
    },
  });
}

/** What a write would change; nothing is changed. */
export function useRehearsal<Name extends WriteName>(name: Name) {
  return useMutation({ mutationFn: (input: InputOf<Name>) => piggy.rehearse(name, input) });
}

/** What is wrong with a field, by its path ("grants.0.tool"); all of them as one text. */
export function problemOf(error: unknown, path: string): string | undefined {
  return error instanceof PiggyError ? error.errors[path]?.map(serverIn().say).join(" ") : undefined;
}

/** What went wrong, for people: what the server says, or that it says nothing. */
export function messageOf(error: unknown): string {
  if (error instanceof PiggyError) return serverIn().say(error.message);
  if (error instanceof TypeError) return common[firstLanguage()].gone; // So fetch() says that nobody answers.
  return error instanceof Error ? error.message : String(error);
}

/** What is wrong beside the fields that show it themselves. */
export function otherProblems(error: unknown, shown: readonly string[]): string[] {
  if (!error) return [];
  if (!(error instanceof PiggyError)) return [messageOf(error)];
  const rest = Object.entries(error.errors).filter(([path]) => !shown.includes(path));
  if (rest.length === 0) return Object.keys(error.errors).length > 0 ? [] : [messageOf(error)];
  const { label, say } = serverIn();
  return rest.map(([path, problems]) => `${/^\w+$/.test(path) ? label(path) : path}: ${problems.map(say).join(" ")}`);
}
