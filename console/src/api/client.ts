// The one client of the program's operations, and who is signed in by it.

import { Piggy, PiggyError, type OperationName, type Operations, type WriteName } from "./piggy";
import { store } from "./store";

export { PiggyError };
export type { OperationName, Operations, WriteName };
export type ReadName = Exclude<OperationName, WriteName>;
export type InputOf<Name extends OperationName> = Operations[Name]["input"];
export type OutputOf<Name extends OperationName> = Operations[Name]["output"];
export type Session = OutputOf<"get_session">;

/**
 * `checking` until the server has said; `empty` while it holds no account that anybody could sign in
 * to; `ended` while somebody who was signed in must do so again.
 */
export type SignedIn =
  | { state: "checking" }
  | { state: "out" }
  | { state: "empty" }
  | { state: "in" | "ended"; session: Session };

const signedIn = store<SignedIn>({ state: "checking" });
const become = signedIn.set;
export const useSignedIn = signedIn.use;

/** Who is signed in; for what is shown to nobody else. */
export function useSession(): Session {
  const now = useSignedIn();
  if (now.state !== "in" && now.state !== "ended") throw new Error("Nobody is signed in.");
  return now.session;
}

export const piggy = new Piggy({
  get proof() {
    const now = signedIn.get();
    return "session" in now ? now.session.proof : "";
  },
});

async function ask<Answer>(path: string, method: "GET" | "POST", body?: unknown): Promise<Answer> {
  const response = await fetch(path, {
    method,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer?.data) return answer.data;
  throw new PiggyError(answer?.message ?? `The server answered ${response.status}.`,
                       answer?.code ?? response.status, response.status, answer?.errors ?? {},
                       Number(response.headers.get("Retry-After")) || null);
}

const askSession = (method: "GET" | "POST", body?: unknown) => ask<Session>("/platform/session", method, body);

/** Asks who the browser's cookie signs in. Fails only when the server does not answer. */
export async function resumeSession() {
  try {
    become({ state: "in", session: await askSession("GET") });
  } catch (error) {
    if (!(error instanceof PiggyError)) throw error;
    become({ state: (await hasBegun()) ? "out" : "empty" });
  }
}

async function hasBegun(): Promise<boolean> {
  try {
    return (await ask<OutputOf<"get_installation">>("/platform/installation", "GET")).begun;
  } catch (error) {
    if (!(error instanceof PiggyError)) throw error;
    return true;
  }
}

/** Makes the first account of an empty server with its owner, who is then signed in. */
export async function beginInstallation(input: InputOf<"begin_installation">) {
  become({ state: "in", session: await ask<Session>("/platform/installation", "POST", input) });
}

/** Joins an account by what its mail holds, and signs in. */
export async function acceptInvitation(input: InputOf<"accept_invitation">) {
  become({ state: "in", session: await ask<Session>("/platform/invitation", "POST", input) });
}

export async function signIn(email: string, password: string, account?: string) {
  become({ state: "in", session: await askSession("POST", { email, password, ...(account ? { account } : {}) }) });
}

export async function signOut() {
  await piggy.call("sign_out", {});
  become({ state: "out" });
}

/** The server no longer knows the session: the page stays, and asks for the password again. */
export function sessionEnded() {
  const now = signedIn.get();
  if (now.state === "in") become({ state: "ended", session: now.session });
}

/** After a change of password: the old proof is refused. */
export function sessionChanged(session: Session) {
  become({ state: "in", session });
}
