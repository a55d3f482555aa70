// Loaded with the chart library, when a chart is first shown.

import { Area, Bar, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { ChartProps } from "./chart";

const colours = ["var(--pink)", "var(--info)", "var(--good)", "var(--warn)", "var(--soft)", "var(--bad)"];

export default function Drawing({ title, kind, labels, series, shown }: ChartProps & { shown: (value: number) => string }) {
  const data = labels.map((label, at) => Object.fromEntries([["label", label], ...series.map((one) => [one.name, one.values[at] ?? 0])]));
  return (
    <div role="img" aria-label={title} className="h-64">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={data} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis dataKey="label" stroke="var(--soft)" tickLine={false} fontSize={12} minTickGap={24} />
          <YAxis stroke="var(--soft)" tickLine={false} axisLine={false} fontSize={12} width={56} tickFormatter={(value: number) => shown(value)} />
          <Tooltip formatter={(value) => shown(Number(value))} cursor={{ fill: "var(--sunk)" }}
                   contentStyle={{ background: "var(--paper)", border: "1px solid var(--line)", borderRadius: 10, color: "var(--ink)" }} />
          {series.length > 1 && <Legend />}
          {series.map((one, at) => {
            const colour = colours[at % colours.length]!;
            const shared = { dataKey: one.name, name: one.name, isAnimationActive: false } as const;
            if (kind === "line") return <Line key={one.name} {...shared} stroke={colour} strokeWidth={2} dot={false} />;
            if (kind === "area") return <Area key={one.name} {...shared} stroke={colour} fill={colour} fillOpacity={0.15} strokeWidth={2} />;
            return <Bar key={one.name} {...shared} fill={colour} radius={kind === "bar" ? 3 : 0} {...(kind === "stacked" ? { stackId: "all" } : {})} />;
          })}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
