import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Table } from "~/ui/table";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { RuleDialog } from "./rule_dialog";
import { RuleTester } from "./rule_tester";

export type Rule = OutputOf<"list_earning_rules">["earning_rules"][number];

function stateOf(rule: Rule, now: number): { word: "off" | "planned" | "over" | "on"; tone: Tone } {
  if (!rule.active) return { word: "off", tone: "plain" };
  if (rule.starts_at && new Date(rule.starts_at).getTime() > now) return { word: "planned", tone: "info" };
  if (rule.ends_at && new Date(rule.ends_at).getTime() <= now) return { word: "over", tone: "plain" };
  return { word: "on", tone: "good" };
}

export default function Rules() {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const f = useFormats();
  const [open, setOpen] = useState<Rule | "new" | null>(null);
  const rules = useRead("list_earning_rules", {});
  const shops = useRead("list_shops", {});
  const tiers = useRead("list_tiers", {});
  const units = useRead("list_units", {});
  const unitOf = (name: string) => units.data?.units.find((one) => one.name === name)?.label ?? name;
  const onlyFor = (rule: Rule) => [
    ...(rule.shop_uuid ? [shops.data?.shops.find((one) => one.uuid === rule.shop_uuid)?.name ?? "…"] : []),
    ...(rule.tier_uuid ? [tiers.data?.tiers.find((one) => one.uuid === rule.tier_uuid)?.name ?? "…"] : []),
    ...(rule.minimum_value > 0 ? [w.from(f.number(rule.minimum_value))] : []),
    ...(rule.starts_at || rule.ends_at ? [`${rule.starts_at ? f.moment(rule.starts_at) : "…"} – ${rule.ends_at ? f.moment(rule.ends_at) : "…"}`] : []),
  ].join(" · ") || w.everybody;
  return (
    <LoyaltyPage title={w.sections.rules} about={w.rulesAbout} actions={<Button look="primary" icon="plus" onClick={() => setOpen("new")}>{w.newRule}</Button>}>
      <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Card flush>
          <Answer of={rules}>
            {({ earning_rules: all }) => (
              <Table label={w.sections.rules} rows={all} keyOf={(one) => one.uuid} onOpen={setOpen}
                     empty={<Empty icon="star" title={w.noRules}>{w.noRulesAbout}</Empty>}
                     columns={[
                       { name: c.name, cell: (one) => one.name },
                       { name: w.earns, cell: (one) => w.perUnit(f.number(one.credits_per_unit), unitOf(one.unit_name)) },
                       { name: w.onlyFor, cell: onlyFor },
                       { name: c.state, className: "sm:whitespace-nowrap", cell: (one) => { const { word, tone } = stateOf(one, Date.now()); return <Badge tone={tone}>{w.ruleStates[word]}</Badge>; } },
                     ]} />
            )}
          </Answer>
        </Card>
        <RuleTester />
      </div>
      {open && <RuleDialog rule={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </LoyaltyPage>
  );
}
