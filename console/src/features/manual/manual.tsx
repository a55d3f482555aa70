import { Link, useParams } from "@tanstack/react-router";
import { useEffect, type ComponentProps, type ReactNode } from "react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";

import logo from "~/app/piggy.svg";
import { buttonClass } from "~/ui/button";
import { join } from "~/ui/class";
import { NotFound } from "~/ui/page";
import { manual } from "~/words/manual";
import { useWords } from "~/words/words";
import { addressOf, manualPages, type ManualPage } from "./pages";

export default function Manual() {
  const w = useWords(manual);
  const { name } = useParams({ strict: false }) as { name?: string };
  const page = name === undefined ? manualPages[0] : manualPages.find((one) => one.name === name);
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6">
      <header className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-4">
        <Link to="/manual" className="flex items-center gap-3 text-lg font-semibold"><img src={logo} alt="" className="size-8" />{w.title}</Link>
        <Link to="/" className={buttonClass("quiet")}>{w.console}</Link>
      </header>
      <div className="gap-10 py-6 lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
        <Contents here={page} />
        <main lang="en" className="min-w-0 pb-16">{page ? <Text page={page} /> : <NotFound />}</main>
      </div>
    </div>
  );
}

function Contents({ here }: { here: ManualPage | undefined }) {
  const w = useWords(manual);
  const more: [string, string][] = [[w.operations, "/manual.md"], [w.openapi, "/openapi.json"]];
  return (
    <nav aria-label={w.contents} className="mb-6 lg:sticky lg:top-6 lg:mb-0 lg:self-start">
      <ul lang="en" className="flex flex-wrap gap-1 lg:flex-col">
        {manualPages.map((one) => (
          <li key={one.name}>
            <Link to={`/manual/${one.name}`} aria-current={one === here ? "page" : undefined}
                  className={join("block rounded-lg px-3 py-1.5", one === here ? "bg-blush font-semibold text-pink" : "hover:bg-sunk")}>
              {one.title}
            </Link>
          </li>
        ))}
      </ul>
      <p className="mt-4 px-3 text-sm text-soft">{w.programs}</p>
      <ul className="flex flex-wrap gap-x-4 px-3 text-sm lg:flex-col">
        {more.map(([title, to]) => <li key={to}><a href={to} className="py-1 text-pink underline">{title}</a></li>)}
      </ul>
    </nav>
  );
}

function Text({ page }: { page: ManualPage }) {
  useEffect(() => { document.title = page.title; }, [page]);
  return <Markdown remarkPlugins={[remarkGfm]} urlTransform={addressOf} components={parts}>{page.text}</Markdown>;
}

/** What a heading is found by: its words, as on other sites that show Markdown. */
function anchorOf(children: ReactNode): string {
  const text = Array.isArray(children) ? children.join("") : String(children);
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}

function Anchor({ href = "", children }: ComponentProps<"a">) {
  const look = "text-pink underline";
  return href.startsWith("/manual/") ? <Link to={href} className={look}>{children}</Link> : <a href={href} className={look}>{children}</a>;
}

const parts: ComponentProps<typeof Markdown>["components"] = {
  h1: ({ children }) => <h1 className="mb-4 text-3xl font-semibold">{children}</h1>,
  h2: ({ children }) => <h2 id={anchorOf(children)} className="mt-10 mb-3 scroll-mt-4 text-xl font-semibold">{children}</h2>,
  h3: ({ children }) => <h3 className="mt-6 mb-2 text-lg font-semibold">{children}</h3>,
  p: ({ children }) => <p className="my-3 max-w-[70ch] has-[img]:max-w-none">{children}</p>,
  a: Anchor,
  ul: ({ children }) => <ul className="my-3 flex max-w-[70ch] list-disc flex-col gap-1 pl-6">{children}</ul>,
  ol: ({ children }) => <ol className="my-3 flex max-w-[70ch] list-decimal flex-col gap-1 pl-6">{children}</ol>,
  img: ({ src, alt }) => <img src={src} alt={alt} loading="lazy" className="my-2 h-auto max-w-full rounded-xl border border-line" />,
  code: ({ children }) => <code className="rounded bg-sunk px-1 font-mono text-[0.9em] [overflow-wrap:anywhere]">{children}</code>,
  pre: ({ children }) => (
    <pre tabIndex={0} className="my-3 overflow-x-auto rounded-xl border border-line bg-paper p-4 text-sm [&_code]:bg-transparent [&_code]:p-0">{children}</pre>
  ),
  table: ({ children }) => (
    <div tabIndex={0} className="my-4 overflow-x-auto rounded-xl border border-line bg-paper"><table className="w-full min-w-2xl text-left text-sm [&_code]:[overflow-wrap:normal]">{children}</table></div>
  ),
  th: ({ children }) => <th className="border-b border-line px-3 py-2 font-semibold whitespace-nowrap">{children}</th>,
  td: ({ children }) => <td className="border-b border-line px-3 py-2 align-top">{children}</td>,
};
