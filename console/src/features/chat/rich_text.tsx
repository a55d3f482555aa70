// The little of Markdown that models write, as elements. Whatever else is in a text stays text.

import { Fragment, type ReactNode } from "react";

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).map((part, at) => {
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) {
      return <code key={at} className="rounded bg-sunk px-1 py-0.5 font-mono text-[0.875em]">{part.slice(1, -1)}</code>;
    }
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return <strong key={at}>{part.slice(2, -2)}</strong>;
    return part;
  });
}

function lines(all: string[]): ReactNode {
  return all.map((line, at) => <Fragment key={at}>{at > 0 && <br />}{inline(line)}</Fragment>);
}

type Block = { kind: "text" | "bullets" | "numbers" | "code"; lines: string[] };

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let code = false;
  let fresh = true;
  for (const line of text.split("\n")) {
    const last = blocks.at(-1);
    if (line.trimStart().startsWith("```")) {
      code = !code;
      if (code) blocks.push({ kind: "code", lines: [] });
      fresh = true;
      continue;
    }
    if (code) {
      last?.lines.push(line);
      continue;
    }
    if (line.trim() === "") {
      fresh = true;
      continue;
    }
    const bullet = /^\s*[-*•]\s+(.*)$/.exec(line);
    const number = /^\s*\d+[.)]\s+(.*)$/.exec(line);
    const kind = bullet ? "bullets" : number ? "numbers" : "text";
    const said = bullet?.[1] ?? number?.[1] ?? line.replace(/^#{1,6}\s+(.*)$/, "**$1**");
    if (last?.kind === kind && (!fresh || kind !== "text")) last.lines.push(said);
    else blocks.push({ kind, lines: [said] });
    fresh = false;
  }
  return blocks;
}

export function RichText({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-2">
      {blocksOf(text).map((block, at) => {
        switch (block.kind) {
          case "code":
            return <pre key={at} className="overflow-x-auto rounded-lg bg-sunk p-3 font-mono text-[0.8125rem] whitespace-pre-wrap">{block.lines.join("\n")}</pre>;
          case "bullets":
            return <ul key={at} className="list-disc space-y-0.5 pl-5">{block.lines.map((line, one) => <li key={one}>{inline(line)}</li>)}</ul>;
          case "numbers":
            return <ol key={at} className="list-decimal space-y-0.5 pl-5">{block.lines.map((line, one) => <li key={one}>{inline(line)}</li>)}</ol>;
          case "text":
            return <p key={at}>{lines(block.lines)}</p>;
        }
      })}
    </div>
  );
}
