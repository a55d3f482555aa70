export type OperationName = keyof Operations;

/** Operations that change something, and can therefore be rehearsed. */
export type WriteName = {
  [Name in OperationName]: Operations[Name]["effect"] extends "read" ? never : Name;
}[OperationName];

/** What a rehearsal would have changed. */
export type EffectLine = { what: string; before: unknown; after: unknown };
export type Rehearsed<Output> = Output & { dry_run: true; effect: EffectLine[] };

/** Refused, with what is wrong with each field. */
export class PiggyError extends Error {
  readonly code: number;
  readonly status: number;
  readonly errors: Record<string, string[]>;
  /** In how many seconds it makes sense to ask again, where the server says so. */
  readonly retryAfter: number | null;

  constructor(message: string, code: number, status: number, errors: Record<string, string[]>,
              retryAfter: number | null) {
    super(message);
    this.name = "PiggyError";
    this.code = code;
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

export interface PiggyOptions {
  /** Where the server is; left out, where the page came from. */
  baseUrl?: string;
  /** A token of a program. A page has its session's cookie instead. */
  token?: string;
  /** What a page sends with every call: the proof that signing in gave it. */
  proof?: string;
  fetch?: typeof globalThis.fetch;
  /** Where operations are called; left out: /platform/operations. */
  operations?: string;
}

export interface CallOptions {
  /** The same key and input act once, however often they are sent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export class Piggy {
  private readonly options: PiggyOptions;

  constructor(options: PiggyOptions = {}) {
    this.options = options;
  }

  call<Name extends OperationName>(name: Name, input: Operations[Name]["input"],
                                   options: CallOptions = {}): Promise<Operations[Name]["output"]> {
    return this.ask(name, input, options, {}) as Promise<Operations[Name]["output"]>;
  }

  /** What the call would answer and change; nothing is changed. */
  rehearse<Name extends WriteName>(name: Name, input: Operations[Name]["input"],
                                   options: CallOptions = {},
  ): Promise<Rehearsed<Operations[Name]["output"]>> {
    return this.ask(name, input, options, { "Piggy-Dry-Run": "true" }) as
      Promise<Rehearsed<Operations[Name]["output"]>>;
  }

  /** A tool of a connection, by its name: "slack_send_message". */
  callTool(name: string, input: Record<string, unknown>, options: CallOptions = {}): Promise<unknown> {
    return this.ask(name, input, options, {});
  }

  private async ask(name: string, input: unknown, options: CallOptions,
                    more: Record<string, string>): Promise<unknown> {
    const headers: Record<string, string> = { "Content-Type": "application/json", ...more };
    if (this.options.token) headers["Authorization"] = `Bearer ${this.options.token}`;
    if (this.options.proof) headers["X-Piggy-Proof"] = this.options.proof;
    if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
    const url = `${this.options.baseUrl ?? ""}${this.options.operations ?? "/platform/operations"}/` +
      encodeURIComponent(name);
    const ask = this.options.fetch ?? globalThis.fetch;
    const response = await ask(url, {
      method: "POST",
      headers,
      body: JSON.stringify(input),
      credentials: "same-origin",
      signal: options.signal ?? null,
    });
    const answer = await response.json().catch(() => null) as
      { data?: unknown; message?: string; code?: number; errors?: Record<string, string[]> } | null;
    if (response.ok && answer && "data" in answer) return answer.data;
    const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
    throw new PiggyError(answer?.message ?? `The server answered ${response.status}.`,
                         answer?.code ?? response.status, response.status, answer?.errors ?? {},
                         Number.isFinite(wait) ? wait : null);
  }
}
