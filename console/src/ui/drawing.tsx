// Loaded with the chart library, when a chart is first shown.

import { Area, Bar, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { ChartProps } from "./chart";

const colours = ["var(--pink)", "var(--info)", "var(--good)", "var(--warn)", "var(--soft)", "var(--bad)"];

export default function Drawing({ title, kind, labels, series, shown }: ChartProps & { shown: (value: number) => string }) {
  const data = labels.map((label, at) => Object.fromEntries([["label", label], ...series.map((one) => [one.name, one.values[at] ?? 0])]));
  const across = kind === "across";
  const axis = { stroke: "var(--soft)", tickLine: false, axisLine: false, fontSize: 12 } as const;
  const counted = { allowDecimals: false, tickFormatter: (value: number) => shown(value) } as const;
  return (
    <div role="img" aria-label={title} className="h-64">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={data} layout={across ? "vertical" : "horizontal"} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={across} horizontal={!across} />
          {across
            ? (
              <>
                <XAxis type="number" {...axis} {...counted} />
                <YAxis type="category" dataKey="label" {...axis} width={96} interval={0} />
              </>
            )
            : (
              <>
                <XAxis dataKey="label" {...axis} axisLine minTickGap={24} />
                <YAxis {...axis} {...counted} width={56} />
              </>
            )}
          <Tooltip formatter={(value) => shown(Number(value))} cursor={{ fill: "var(--sunk)" }}
                   contentStyle={{ background: "var(--paper)", border: "1px solid var(--line)", borderRadius: 10, color: "var(--ink)" }} />
          {(series.length > 1 || kind === "stacked") && <Legend itemSorter={null} iconSize={10} wrapperStyle={{ fontSize: 13 }} formatter={(name: string) => <span className="text-ink">{name}</span>} />}
          {series.map((one, at) => {
            const colour = colours[at % colours.length]!;
            const shared = { dataKey: one.name, name: one.name, isAnimationActive: false } as const;
            if (kind === "line") return <Line key={one.name} {...shared} stroke={colour} strokeWidth={2} dot={false} />;
            if (kind === "area") return <Area key={one.name} {...shared} stroke={colour} fill={colour} fillOpacity={0.15} strokeWidth={2} />;
            return <Bar key={one.name} {...shared} fill={colour} maxBarSize={48} radius={kind === "stacked" ? 0 : 3} {...(kind === "stacked" ? { stackId: "all" } : {})} />;
          })}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
