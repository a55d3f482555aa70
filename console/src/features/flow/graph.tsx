// A flow as a drawing: its trigger, its steps and the ways between them. Each is a button; the arrow
// keys go from one to the next. A run shows on it how far it came.

import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";

import { join } from "~/ui/class";
import { Icon, type IconName } from "~/ui/icon";
import { Menu } from "~/ui/menu";
import { flow } from "~/words/flow";
import { useLanguage, useWords } from "~/words/words";
import { draw, type Drawing } from "./layout";
import { kindIcons, kindTones, kinds, samePath, type Kind, type Path, type Step } from "./model";
import { bare, laneName, stepInWords, titleOf } from "./say";

export type MarkState = "done" | "failed" | "waiting" | "skipped";
export interface Mark {
  state: MarkState;
  /** How many times, within a loop. */
  count: number;
}

export interface GraphProps {
  label: string;
  trigger: { icon: IconName; title: string; about: string };
  steps: Step[];
  selected: Path | null;
  onSelect: (path: Path) => void;
  /** Steps can be added, by whoever may. */
  onAdd?: (lane: Path, at: number, kind: Kind) => void;
  /** How each step stands, by its id; of a run. */
  marks?: Map<string, Mark>;
  /** How many problems a step has, by its place. */
  problems?: Map<string, number>;
}

const tiles = {
  plain: "bg-sunk text-ink", good: "bg-good-soft text-good", warn: "bg-warn-soft text-warn", bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info", pink: "bg-blush text-pink",
} as const;

const markLooks: Record<MarkState, { icon: IconName; badge: string; card: string }> = {
  done: { icon: "check", badge: "bg-good text-paper", card: "border-good/60" },
  failed: { icon: "close", badge: "bg-bad text-paper", card: "border-bad" },
  waiting: { icon: "clock", badge: "bg-warn text-paper", card: "border-warn border-2" },
  skipped: { icon: "right", badge: "bg-sunk text-soft border border-edge/60", card: "border-dashed border-edge/70" },
};

function Lines({ drawing, marks }: { drawing: Drawing; marks: Map<string, Mark> | undefined }) {
  const taken = (to: string | null) => {
    const state = to === null ? undefined : marks?.get(to)?.state;
    return state !== undefined && state !== "skipped";
  };
  // Those that were taken lie above the others.
  const edges = [...drawing.edges].sort((one, other) => Number(taken(one.to)) - Number(taken(other.to)));
  return (
    <svg aria-hidden="true" width={drawing.width} height={drawing.height} className="absolute inset-0" fill="none">
      {edges.map((edge) => (
        <g key={edge.key} className={taken(edge.to) ? "text-good" : "text-edge"} stroke="currentColor" strokeWidth={taken(edge.to) ? 2 : 1.5}
           strokeLinecap="round" strokeLinejoin="round">
          <path d={edge.path} />
          {edge.arrow && <path d={arrow(edge.path)} />}
        </g>
      ))}
      {drawing.boxes.map((box) => (
        <rect key={box.key} x={box.x} y={box.y} width={box.width} height={box.height} rx={18} strokeWidth={1.5} strokeDasharray="5 5"
              stroke="currentColor" className="text-edge" />
      ))}
    </svg>
  );
}

/** Where a drawing stands that may be wider than there is room; its middle is seen first. */
export function GraphArea({ label, children }: { label: string; children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = area.current;
    if (shown) shown.scrollLeft = (shown.scrollWidth - shown.clientWidth) / 2;
  }, []);
  return <div ref={area} className="-mx-5 overflow-x-auto px-5 pt-2 pb-2" tabIndex={0} role="region" aria-label={label}>{children}</div>;
}

/** The head at the end of a line that goes down. */
function arrow(path: string): string {
  const [, x, y] = /^M([\d.]+) [\d.]+V([\d.]+)$/.exec(path) ?? [];
  return x && y ? `M${Number(x) - 4.5} ${Number(y) - 4.5}L${x} ${y}L${Number(x) + 4.5} ${Number(y) - 4.5}` : "";
}

export function Graph({ label, trigger, steps, selected, onSelect, onAdd, marks, problems }: GraphProps) {
  const w = useWords(flow);
  const drawing = useMemo(() => draw(steps), [steps]);
  const area = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const nodes = [...(area.current?.querySelectorAll<HTMLElement>("[data-node]") ?? [])];
    const at = nodes.indexOf(document.activeElement as HTMLElement);
    if (by === 0 || at < 0) return;
    event.preventDefault();
    nodes[at + by]?.focus();
  };
  const { start } = drawing;
  return (
    <div ref={area} role="group" aria-label={label} onKeyDown={walk} className="relative mx-auto" style={{ width: drawing.width, height: drawing.height }}>
      <Lines drawing={drawing} marks={marks} />
      <button type="button" data-node onClick={() => onSelect([])} aria-pressed={selected?.length === 0}
              className={join("absolute flex items-center gap-3 rounded-full border bg-blush px-4 text-left transition hover:brightness-97",
                              selected?.length === 0 ? "border-pink ring-2 ring-pink/40" : "border-pink/40")}
              style={{ left: start.x, top: start.y, width: start.width, height: start.height }}>
        <Icon name={trigger.icon} className="size-6 text-pink" />
        <span className="min-w-0">
          <span className="block truncate text-sm font-semibold">{trigger.title}</span>
          <span className="block truncate text-xs text-soft">{trigger.about}</span>
        </span>
      </button>
      {drawing.labels.map((one) => (
        <span key={one.key} className="absolute flex justify-center" style={{ left: one.x, top: one.y, width: one.width, height: 26 }}>
          <span className="h-6.5 max-w-60 truncate rounded-full border border-edge/60 bg-paper px-3 py-0.5 text-xs leading-5 font-medium text-soft">{laneName(one.lane, w)}</span>
        </span>
      ))}
      {drawing.boxes.map((box) => (
        <span key={box.key} className="absolute flex w-40 items-center justify-center gap-1 text-xs text-soft"
              style={{ left: box.tail - 80, top: box.y + box.height - 28 }}>
          <Icon name="retry" className="size-3.5" />{w.nextItem}
        </span>
      ))}
      {drawing.nodes.map((node) => (
        <Node key={node.step.path.join("/")} node={node} selected={samePath(selected, node.step.path)} onSelect={onSelect}
              mark={marks?.get(node.step.id)} run={marks !== undefined} problems={problems?.get(node.step.path.join("/")) ?? 0} />
      ))}
      {onAdd && drawing.gaps.map((gap) => (
        <Menu key={gap.key} align="start" items={kinds.map((kind) => ({ label: w.kinds[kind], icon: kindIcons[kind], onSelect: () => onAdd(gap.lane, gap.at, kind) }))}>
          <button type="button" aria-label={gap.after ? w.addAfter(titleOf(gap.after, w)) : w.addFirst} title={w.addStep}
                  className="absolute grid size-6 place-items-center rounded-full border border-edge/60 bg-paper text-soft transition hover:border-pink hover:bg-pink hover:text-on-pink data-[state=open]:bg-pink data-[state=open]:text-on-pink"
                  style={{ left: gap.x - 12, top: gap.y - 12 }}>
            <Icon name="plus" className="size-3.5" />
          </button>
        </Menu>
      ))}
      {drawing.end && (
        <span className="absolute flex w-24 justify-center" style={{ left: drawing.end.x - 48, top: drawing.end.y }}>
          <span className="rounded-full bg-sunk px-4 py-1 text-xs font-medium text-soft">{w.end}</span>
        </span>
      )}
    </div>
  );
}

function Node({ node, selected, onSelect, mark, run, problems }: {
  node: Drawing["nodes"][number]; selected: boolean; onSelect: (path: Path) => void; mark: Mark | undefined; run: boolean; problems: number;
}) {
  const w = useWords(flow);
  const language = useLanguage();
  const { step } = node;
  const look = mark && markLooks[mark.state];
  const notReached = run && !mark;
  const title = titleOf(step, w);
  const about = stepInWords(step, w, language);
  return (
    <button type="button" data-node onClick={() => onSelect(step.path)} aria-pressed={selected}
            className={join("absolute rounded-xl border bg-paper px-3 text-left transition hover:border-pink/70",
                            selected ? "border-pink ring-2 ring-pink/40" : problems > 0 ? "border-bad" : look ? look.card : "border-edge/50",
                            !notReached && "shadow-sm")}
            style={{ left: node.x, top: node.y, width: node.width, height: node.height }}>
      <span className="flex items-center gap-3">
        <span className={join("grid size-10 shrink-0 place-items-center rounded-lg", notReached || mark?.state === "skipped" ? "bg-sunk text-soft" : step.kind ? tiles[kindTones[step.kind]] : tiles.bad)}>
          <Icon name={step.kind ? kindIcons[step.kind] : "warn"} />
        </span>
        <span className="min-w-0 grow">
          <span className={join("line-clamp-2 text-sm leading-4.5 font-semibold", notReached && "text-soft")}>{title}</span>
          {about !== "" && <span className={"mt-0.5 block truncate text-xs text-soft"}>{about}</span>}
        </span>
      </span>
      {step.when !== "" && (
        <span className="mt-1.5 flex items-center gap-1.5 text-xs text-soft">
          <Icon name="split" className="size-3.5" /><span className="truncate">{w.onlyIf} <code className="font-mono">{bare(step.when)}</code></span>
        </span>
      )}
      {look && (
        <span className={join("absolute -top-2.5 -right-2.5 flex h-6 min-w-6 items-center justify-center gap-0.5 rounded-full px-1 text-xs font-semibold", look.badge)}>
          <Icon name={look.icon} className="size-4" />{mark.count > 1 && `×${mark.count}`}
          <span className="sr-only">{w.marks[mark.state]}</span>
        </span>
      )}
      {problems > 0 && (
        <span className="absolute -top-2.5 -right-2.5 grid size-6 place-items-center rounded-full bg-bad text-paper">
          <Icon name="warn" className="size-3.5" /><span className="sr-only">{w.problems(problems)}</span>
        </span>
      )}
    </button>
  );
}
