// The steps as a drawing to be edited, with a form and the text of the definition beside it. All three
// show the same draft, which is kept until it is saved or thrown away.

import { useMemo, useState } from "react";

import { otherProblems, useRead, useWrite } from "~/api/hooks";
import { Button } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Problems } from "~/ui/field";
import { useLater } from "~/ui/later";
import { Card } from "~/ui/page";
import { Secret } from "~/ui/show";
import { Tabs } from "~/ui/tabs";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { flow as texts } from "~/words/flow";
import { useLanguage, useWords } from "~/words/words";
import type { WholeFlow } from "./flow_page";
import { triggerIcons } from "./flows";
import { Graph, GraphArea } from "./graph";
import { JsonPane } from "./json_pane";
import { dataOf, newStep, placeOf, samePath, treeOf, allSteps, withInserted, withMoved, withRemoved, type Path } from "./model";
import { valuesOf } from "./parameters";
import { Readiness, toolsOf } from "./ready";
import { triggerInWords } from "./say";
import { StepPanel } from "./step_panel";

const written = (definition: unknown) => JSON.stringify(definition, null, 2);

/** A draft is its text; the definition is what the text last said that was JSON. */
function useDraft(saved: unknown) {
  const [draft, setDraft] = useState<{ text: string; definition: unknown; problem: string } | null>(null);
  return {
    text: draft?.text ?? written(saved),
    definition: draft?.definition ?? saved,
    problem: draft?.problem ?? "",
    changed: draft !== null && draft.text !== written(saved),
    set: (definition: unknown) => setDraft({ text: written(definition), definition, problem: "" }),
    write: (text: string) => {
      try {
        setDraft({ text, definition: JSON.parse(text), problem: "" });
      } catch (error) {
        setDraft({ text, definition: draft?.definition ?? saved, problem: error instanceof Error ? error.message : String(error) });
      }
    },
    forget: () => setDraft(null),
  };
}

export function StepsTab({ whole }: { whole: WholeFlow }) {
  const w = useWords(texts);
  const language = useLanguage();
  const draft = useDraft(whole.definition);
  const values = valuesOf(whole.flow.parameters);
  const steps = useMemo(() => treeOf(draft.definition), [draft.definition]);
  const [selected, setSelected] = useState<Path | null>(null);
  const [side, setSide] = useState("step");
  const [hook, setHook] = useState("");
  const later = useLater(draft.definition, 400);
  const check = useRead("check_flow", { definition: later, parameters: values }, { keep: true, enabled: draft.changed });
  const problems = draft.changed ? (check.data?.problems ?? []) : [];
  const counts = new Map<string, number>();
  for (const problem of problems) {
    const at = placeOf(problem.path.replace(/^\/definition/, ""), steps)?.step.path.join("/");
    if (at !== undefined) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  const step = allSteps(steps).find((one) => samePath(one.path, selected)) ?? null;
  const trigger = dataOf(draft.definition)["trigger"];
  const triggerKind = Object.keys(dataOf(trigger))[0] ?? "";
  const choose = (path: Path) => {
    setSelected(path);
    setSide("step");
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,25rem)]">
        <Card title={w.graph} about={w.graphAbout}>
          <GraphArea label={w.graph}>
            <Graph label={w.graph} steps={steps} selected={selected} onSelect={choose} problems={counts}
                   trigger={{ icon: triggerIcons[triggerKind] ?? "play", title: w.triggerKinds[triggerKind] ?? w.triggers.none, about: triggerInWords(trigger, values, w, language) }}
                   onAdd={(lane, at, kind) => {
                     draft.set(withInserted(draft.definition, lane, at, newStep(kind, steps)));
                     choose([...lane, at]);
                   }} />
          </GraphArea>
        </Card>
        <div className="lg:sticky lg:top-4">
          <Card>
            <Tabs label={w.beside} chosen={side} onChoose={setSide} tabs={[
              {
                id: "step", label: w.step, content: (
                  <StepPanel key={selected?.join("/") ?? ""} definition={draft.definition} step={step} steps={steps} isTrigger={selected?.length === 0}
                             problems={problems} onChange={draft.set}
                             onMove={(by) => {
                               const moved = step && withMoved(draft.definition, step.path, by);
                               if (!moved) return;
                               draft.set(moved.definition);
                               setSelected(moved.path);
                             }}
                             onRemove={() => {
                               if (!step) return;
                               draft.set(withRemoved(draft.definition, step.path));
                               setSelected(null);
                             }} />
                ),
              },
              { id: "json", label: w.json, content: <JsonPane text={draft.text} problem={draft.problem} problems={problems} onChange={draft.write} /> },
            ]} />
          </Card>
        </div>
      </div>
      <Readiness tools={toolsOf(steps, values)} personaUuid={whole.flow.persona_uuid} />
      {draft.changed && <SaveBar whole={whole} definition={draft.definition} problems={problems.length} broken={draft.problem !== ""} onForget={draft.forget} onHook={setHook} />}
      {hook !== "" && <Dialog title={w.hook}><p className="mb-3">{w.hookAbout}</p><Secret text={hook} label={w.hook} onHide={() => setHook("")} /></Dialog>}
    </div>
  );
}

function SaveBar({ whole, definition, problems, broken, onForget, onHook }: {
  whole: WholeFlow; definition: unknown; problems: number; broken: boolean; onForget: () => void;
  /** A flow that is started by a webhook from now on has a secret address. */
  onHook: (address: string) => void;
}) {
  const w = useWords(texts);
  const c = useWords(common);
  const save = useWrite("update_flow", {
    onDone: (now) => {
      onForget();
      if (now.hook_url !== "") onHook(now.hook_url);
      tell(w.savedAs(now.flow.version));
    },
  });
  return (
    <div data-foot className="sticky bottom-3 z-20 rounded-2xl border border-edge/50 bg-paper px-5 py-3 shadow-lg">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <p className="font-medium">{w.unsaved}</p>
          <p className="text-sm text-soft">{broken ? w.notJson : problems > 0 ? w.problems(problems) : w.unsavedAbout(whole.flow.version + 1)}</p>
        </div>
        <div className="flex gap-2">
          <Button onClick={onForget}>{w.discard}</Button>
          <Button look="primary" busy={save.isPending} disabled={broken} onClick={() => save.mutate({ flow_uuid: whole.flow.uuid, definition })}>{c.save}</Button>
        </div>
      </div>
      {save.error && <div className="mt-3"><Problems of={otherProblems(save.error, [])} /></div>}
    </div>
  );
}
