// What is sent with a call, for people: names instead of numbers where they can be looked up.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useRead } from "~/api/hooks";
import { join } from "~/ui/class";
import { approval } from "~/words/approval";
import { common } from "~/words/common";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";

const uuidLike = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const itemsShown = 5;

function Contact({ uuid }: { uuid: string }) {
  const contact = useRead("get_contact", { contact_uuid: uuid });
  return <Link to={`/contacts/${uuid}`} className="underline decoration-line underline-offset-2 hover:text-pink">{contact.data?.email ?? uuid}</Link>;
}

function Shop({ uuid }: { uuid: string }) {
  const shops = useRead("list_shops", {});
  return shops.data?.shops.find((one) => one.uuid === uuid)?.name ?? uuid;
}

function Promotion({ uuid }: { uuid: string }) {
  const promotion = useRead("get_promotion", { promotion_uuid: uuid });
  return promotion.data?.name ?? uuid;
}

/** `own`: of this Piggy, whose things can be looked up here. */
function shown(name: string, value: unknown, own: boolean, w: { yes: string; no: string }): ReactNode {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? w.yes : w.no;
  if (own && typeof value === "string" && uuidLike.test(value)) {
    if (/(^|_)contact_uuid$/.test(name)) return <Contact uuid={value} />;
    if (name === "shop_uuid") return <Shop uuid={value} />;
    if (name === "promotion_uuid") return <Promotion uuid={value} />;
  }
  if (typeof value === "object") return <code className="font-mono text-[0.8125rem] whitespace-pre-wrap">{JSON.stringify(value, null, 1)}</code>;
  return <span className="whitespace-pre-wrap">{String(value)}</span>;
}

export function Arguments({ value, own, brief }: {
  value: unknown; own: boolean;
  /** The first few, side by side. */
  brief?: boolean;
}) {
  const w = useWords(approval);
  const c = useWords(common);
  const server = useServer();
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return value === null || value === undefined ? <p className="text-sm text-soft">{w.noArguments}</p> : <p>{JSON.stringify(value)}</p>;
  }
  const all = Object.entries(value).filter(([, one]) => !brief || (one !== null && one !== ""));
  if (all.length === 0) return brief ? null : <p className="text-sm text-soft">{w.noArguments}</p>;
  const some = brief ? all.slice(0, itemsShown) : all;
  return (
    <dl className={brief ? "flex flex-wrap gap-x-5 gap-y-1 text-sm" : "grid gap-x-6 gap-y-1.5 text-sm sm:grid-cols-[minmax(8rem,auto)_1fr]"}>
      {some.map(([name, one]) => (
        <div key={name} className={brief ? "flex max-w-full min-w-0 gap-1.5" : "contents"}>
          <dt className="shrink-0 text-soft">{server.label(name).replace(/ UUID$/, "")}</dt>
          <dd className={join("min-w-0", brief ? "line-clamp-2 font-medium" : "max-sm:-mt-1.5")}>{shown(name, one, own, c)}</dd>
        </div>
      ))}
      {all.length > some.length && <div className="text-soft"><dt className="sr-only">{c.more}</dt><dd>{w.andMore(all.length - some.length)}</dd></div>}
    </dl>
  );
}
