// The rules by which leads are scored: what each gives, and where warm and hot begin.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Problems, TextField } from "~/ui/field";
import { Answer, Card } from "~/ui/page";
import { tell } from "~/ui/toast";
import { campaign } from "~/words/campaign";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";

type Model = OutputOf<"get_lead_model">;
const control = "w-16 rounded-lg border border-edge/70 bg-paper px-2 py-1 text-right tabular-nums sm:w-20";

export function LeadModel() {
  const read = useRead("get_lead_model", {});
  return <Answer of={read}>{(model) => <Editor key={model.version} model={model} />}</Answer>;
}

const asNumber = (text: string) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : (text as unknown as number));

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Editor({ model }: { model: Model }) {
  const w = useWords(campaign);
  const c = useWords(common);
  const f = useFormats();
  const [draft, setDraft] = useState(model);
  const save = useWrite("update_lead_model", { onDone: (now) => tell(w.modelSaved(now.version)) });
  const set = (next: Partial<Model>) => setDraft({ ...draft, ...next });
  const changed = JSON.stringify(draft) !== JSON.stringify(model);
  const { fit_rules, engagement_rules, groups, thresholds } = draft;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Rules title={w.fitRules} about={w.fitAbout} rules={fit_rules} onPoints={(at, points) => set({ fit_rules: fit_rules.with(at, { ...fit_rules[at]!, points }) })}
               onRemove={(at) => set({ fit_rules: fit_rules.toSpliced(at, 1) })} detail={() => ""} />
        <Rules title={w.engagementRules} about={w.engagementAbout} rules={engagement_rules} onPoints={(at, points) => set({ engagement_rules: engagement_rules.with(at, { ...engagement_rules[at]!, points }) })}
               onRemove={(at) => set({ engagement_rules: engagement_rules.toSpliced(at, 1) })} detail={(at) => w.halfLife(f.number(engagement_rules[at]?.half_life_days ?? 0))} />
        <Card title={w.thresholds} about={w.thresholdsAbout}>
          <div className="grid grid-cols-2 gap-4">
            {(["warm", "hot", "cell_middle", "cell_high"] as const).map((name) => (
              <TextField key={name} label={w.thresholdNames[name]} inputMode="numeric" value={String(thresholds[name])} onChange={(event) => set({ thresholds: { ...thresholds, [name]: asNumber(event.target.value) } })} />
            ))}
          </div>
        </Card>
        <Card title={w.groups} about={w.groupsAbout}>
          <div className="grid grid-cols-2 gap-4">
            {groups.map((group, at) => (
              <TextField key={group.name} label={capital(w.groupNames[group.name] ?? group.name)} inputMode="numeric" value={String(group.points_max)} onChange={(event) => set({ groups: groups.with(at, { ...group, points_max: asNumber(event.target.value) }) })} />
            ))}
          </div>
        </Card>
      </div>
      <Problems of={otherProblems(save.error, [])} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        <span className="text-sm text-soft">{w.modelVersion(model.version)}</span>
        <Button disabled={!changed} onClick={() => setDraft(model)}>{w.discard}</Button>
        <Button look="primary" disabled={!changed} busy={save.isPending} onClick={() => save.mutate({ fit_rules, engagement_rules, groups, thresholds, if_version: model.version })}>{c.save}</Button>
      </div>
    </div>
  );
}

function Rules({ title, about, rules, detail, onPoints, onRemove }: {
  title: string; about: string; rules: { words: string; points: number }[]; detail: (at: number) => string;
  onPoints: (at: number, points: number) => void; onRemove: (at: number) => void;
}) {
  const w = useWords(campaign);
  return (
    <Card title={title} about={about}>
      <ul className="divide-y divide-line">
        {rules.map((one) => ({ ...one, words: serverIn().say(one.words) })).map((rule, at) => (
          <li key={`${rule.words} ${at}`} className="flex items-center justify-between gap-3 py-2">
            <span className="min-w-0">{rule.words}<span className="block text-sm text-soft">{detail(at)}</span></span>
            <span className="flex shrink-0 items-center gap-2">
              <input aria-label={w.pointsOf(rule.words)} inputMode="numeric" value={String(rule.points)} className={control} onChange={(event) => onPoints(at, asNumber(event.target.value))} />
              <Button small look="quiet" icon="trash" aria-label={w.removeRule(rule.words)} onClick={() => onRemove(at)} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
