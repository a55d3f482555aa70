// Where the parts of a flow's drawing stand: from top to bottom, ways beside each other, what a loop
// does in a box. In pixels.

import type { Lane, Path, Step } from "./model";

const width = 280;
const gap = 44;
const side = 28;
const fork = 52;
const padding = 18;
const labelHeight = 26;

export interface Drawing {
  width: number;
  height: number;
  start: { x: number; y: number; width: number; height: number };
  end: { x: number; y: number } | null;
  nodes: { step: Step; x: number; y: number; width: number; height: number }[];
  boxes: { key: string; x: number; y: number; width: number; height: number; tail: number }[];
  /** Lines; `to` is the step that is reached by it. */
  edges: { key: string; path: string; to: string | null; arrow: boolean }[];
  labels: { key: string; lane: Lane; x: number; y: number; width: number }[];
  /** Places where a step can be added. */
  gaps: { key: string; x: number; y: number; lane: Path; at: number; after: Step | null }[];
}

function heightOf(step: Step): number {
  return step.when === "" ? 72 : 96;
}

function laneWidth(lane: Lane): number {
  return Math.max(width, ...lane.steps.map(widthOf));
}

function widthOf(step: Step): number {
  if (step.kind === "for_each") return Math.max(width + 2 * padding, laneWidth(step.lanes[0]!) + 2 * padding);
  if (step.lanes.length === 0) return width;
  return step.lanes.map(laneWidth).reduce((sum, one) => sum + one + side, -side);
}

function line(x: number, from: number, to: number): string {
  return `M${x} ${from}V${to}`;
}

/** From one place to another further down and aside, with rounded corners. */
function bend(x: number, y: number, toX: number, toY: number): string {
  if (x === toX) return line(x, y, toY);
  const middle = (y + toY) / 2;
  const radius = Math.min(12, Math.abs(toX - x) / 2, (toY - y) / 2);
  const sign = toX > x ? 1 : -1;
  return `M${x} ${y}V${middle - radius}q0 ${radius} ${sign * radius} ${radius}H${toX - sign * radius}q${sign * radius} 0 ${sign * radius} ${radius}V${toY}`;
}

function ends(step: Step): boolean {
  return step.kind === "stop" && step.when === "";
}

export function draw(steps: Step[]): Drawing {
  const whole = Math.max(width, ...steps.map(widthOf)) + 2;
  const drawing: Drawing = {
    width: whole, height: 0, start: { x: (whole - width) / 2, y: 1, width, height: 60 }, end: null,
    nodes: [], boxes: [], edges: [], labels: [], gaps: [],
  };

  /** One below the other from a place on; where that ends, or null where the run ends before. */
  function column(list: Step[], lane: Path, x: number, top: number): { y: number; open: boolean } {
    let y = top;
    let open = true;
    list.forEach((step, at) => {
      const key = step.path.join("/");
      drawing.edges.push({ key: `to ${key}`, path: line(x, y, y + gap - 5), to: step.id, arrow: true });
      drawing.gaps.push({ key: `at ${key}`, x, y: y + gap / 2 - 3, lane, at, after: list[at - 1] ?? null });
      y += gap;
      const height = heightOf(step);
      if (step.kind === "for_each") {
        // Before what is in it: the keys walk in the order in which steps are done.
        drawing.nodes.push({ step, x: x - width / 2, y, width, height });
        const inner = column(step.lanes[0]!.steps, step.lanes[0]!.path, x, y + height);
        const box = widthOf(step);
        drawing.boxes.push({ key, x: x - box / 2, y: y + height / 2, width: box, height: inner.y + 34 - y - height / 2, tail: x });
        y = inner.y + 34;
      } else {
        drawing.nodes.push({ step, x: x - width / 2, y, width, height });
        y += height;
        if (step.lanes.length > 0) ({ y, open } = lanes(step, x, y));
      }
      if (ends(step)) open = false;
    });
    if (!open) return { y, open };
    const last = list.at(-1) ?? null;
    drawing.edges.push({ key: `end ${lane.join("/")}`, path: line(x, y, y + gap - 8), to: last?.id ?? null, arrow: false });
    drawing.gaps.push({ key: `end ${lane.join("/")}`, x, y: y + gap / 2 - 3, lane, at: list.length, after: last });
    return { y: y + gap - 8, open };
  }

  function lanes(step: Step, x: number, top: number): { y: number; open: boolean } {
    const tails: { x: number; y: number; open: boolean; to: string | null }[] = [];
    let left = x - widthOf(step) / 2;
    for (const lane of step.lanes) {
      const wide = laneWidth(lane);
      const middle = left + wide / 2;
      const key = lane.path.join("/");
      const first = lane.steps[0]?.id ?? null;
      drawing.edges.push({ key: `way ${key}`, path: bend(x, top, middle, top + fork - 14), to: first, arrow: false });
      drawing.labels.push({ key, lane, x: left, y: top + fork - 14, width: wide });
      const end = column(lane.steps, lane.path, middle, top + fork - 14 + labelHeight);
      tails.push({ x: middle, ...end, to: lane.steps.at(-1)?.id ?? null });
      left += wide + side;
    }
    const bottom = Math.max(...tails.map((tail) => tail.y));
    const open = tails.filter((tail) => tail.open);
    for (const tail of open) {
      drawing.edges.push({
        key: `join ${step.path.join("/")} ${tail.x}`, to: tail.to, arrow: false,
        path: line(tail.x, tail.y, bottom) + bend(tail.x, bottom, x, bottom + 36),
      });
    }
    return open.length > 0 ? { y: bottom + 36, open: true } : { y: bottom, open: false };
  }

  const middle = whole / 2;
  const end = column(steps, ["steps"], middle, drawing.start.y + drawing.start.height);
  if (end.open) drawing.end = { x: middle, y: end.y };
  drawing.height = end.y + (end.open ? 34 : 4);
  return drawing;
}
