import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";

import { PiggyError } from "~/api/client";
import { messageOf, passes } from "~/api/hooks";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { Button, Spinner, buttonClass } from "./button";
import { join } from "./class";
import { Icon, type IconName } from "./icon";

/** What every page is within: its title, what can be done on it, and a way back. What was told lies below its end. */
export function Page({ title, about, back, actions, narrow, children }: {
  title: string; about?: ReactNode; back?: { to: string; label: string; search?: Record<string, string> }; actions?: ReactNode; narrow?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Piggy`;
  }, [title]);
  return (
    <div className={join("mx-auto w-full px-4 py-6 sm:px-6 lg:px-8 in-[body:has([data-told])]:pb-28", narrow ? "max-w-3xl" : "max-w-7xl")}>
      {back && (
        <Link to={back.to} {...(back.search ? { search: back.search } : {})} className="mb-2 -ml-1 inline-flex items-center gap-1 text-sm text-soft hover:text-ink print:hidden">
          <Icon name="left" className="size-4" />{back.label}
        </Link>
      )}
      <header className="mb-5 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {about && <div className="mt-1 max-w-prose text-pretty text-soft">{about}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card({ title, about, actions, flush, className, children }: {
  title?: ReactNode; about?: ReactNode; actions?: ReactNode;
  /** Its content reaches its edges: a table. */
  flush?: boolean; className?: string; children?: ReactNode;
}) {
  return (
    <section className={join("rounded-2xl border border-line bg-paper", className)}>
      {(title || actions) && (
        <div className={join("flex flex-wrap justify-between gap-3 px-5 pt-4", about ? "items-start" : "items-center", flush && "pb-3")}>
          <div className={join("min-w-0 flex-1", about ? "basis-48" : "basis-28")}>
            {title && <h2 className="text-base font-semibold">{title}</h2>}
            {about && <div className="mt-0.5 text-sm text-pretty text-soft">{about}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      )}
      <div className={flush ? join("overflow-hidden", title || actions ? "rounded-b-2xl" : "rounded-2xl") : "px-5 py-4"}>{children}</div>
    </section>
  );
}

const tones = {
  plain: "bg-sunk text-ink",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  pink: "bg-blush text-pink",
} as const;

export type Tone = keyof typeof tones;

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={join("inline-flex max-w-full shrink-0 items-center gap-1 rounded-2xl px-2.5 py-0.5 text-xs font-medium wrap-anywhere sm:whitespace-nowrap", tones[tone])}>
      {children}
    </span>
  );
}

/** A message that stays on the page. */
export function Notice({ tone = "info", children, action }: { tone?: Tone; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={join("flex flex-wrap items-center justify-between gap-3 rounded-xl px-4 py-3 text-sm", tones[tone])}>
      <div className="min-w-0">{children}</div>
      {action}
    </div>
  );
}

/** Nothing is there yet: what would be, and how to begin. */
export function Empty({ icon, title, children, action }: {
  icon: IconName; title: string; children?: ReactNode; action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <div className="mb-3 grid size-12 place-items-center rounded-full bg-blush text-pink"><Icon name={icon} className="size-6" /></div>
      <p className="font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-sm text-sm text-pretty text-soft">{children}</div>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}

export function Loading() {
  const w = useWords(common);
  return (
    <div role="status" className="flex items-center justify-center gap-3 px-6 py-12 text-soft">
      <Spinner className="size-5" />{w.loading}
    </div>
  );
}

/** Why something is not shown, and a way on where there is one. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const w = useWords(common);
  const status = error instanceof PiggyError ? error.status : 0;
  const text = status === 0 ? w.gone : status === 403 ? w.notAllowed : status === 404 ? w.notFound
    : messageOf(error);
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-12 text-center">
      <div className="mb-3 grid size-12 place-items-center rounded-full bg-warn-soft text-warn">
        <Icon name={status === 403 ? "shield" : "warn"} className="size-6" />
      </div>
      <p className="font-semibold">{w.failed}</p>
      <p className="mt-1 max-w-md text-sm text-soft">{text}</p>
      {retry && passes(error) && <Button className="mt-4" icon="retry" onClick={retry}>{w.tryAgain}</Button>}
    </div>
  );
}

interface Answered<Data> {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Waits for what was read, says what went wrong, or shows it. What was there before stays. */
export function Answer<Data>({ of, children }: { of: Answered<Data>; children: (data: Data) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failed error={of.error} retry={() => void of.refetch()} />;
  return <Loading />;
}

export function NotFound() {
  const w = useWords(common);
  return (
    <Empty icon="search" title={w.notFoundPage} action={<Link to="/" className={buttonClass("primary")}>{w.toStart}</Link>} />
  );
}
