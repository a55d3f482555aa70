// Builds the conditions of a segment: groups within groups, and in them what is asked of a contact.

import { Button, IconButton } from "~/ui/button";
import { join } from "~/ui/class";
import { OneOf } from "~/ui/one_of";
import { segment } from "~/words/segment";
import { useWords } from "~/words/words";
import { ConditionLeaf } from "./condition_leaf";
import { groupOf, newLeaf, withKind, type GroupKind } from "./condition_model";

export interface NodeProps {
  node: unknown;
  onChange: (node: unknown) => void;
  onRemove?: (() => void) | undefined;
  /** Where it stands, as the server names it: "conditions.all.0". */
  path: string;
  problem: (path: string) => string | undefined;
  depth?: number;
}

export function ConditionNode(props: NodeProps) {
  const group = groupOf(props.node);
  return group ? <Group {...props} kind={group.kind} parts={group.parts} /> : <ConditionLeaf {...props} />;
}

function Group({ kind, parts, onChange, onRemove, path, problem, depth = 0 }: NodeProps & { kind: GroupKind; parts: unknown[] }) {
  const w = useWords(segment);
  const set = (next: unknown[]) => onChange(withKind(kind, next));
  const inNot = kind === "not";
  return (
    <fieldset className={join("min-w-0 rounded-xl border p-3 sm:p-4", depth % 2 === 0 ? "border-line bg-sunk/50" : "border-line bg-paper")}>
      <legend className="sr-only">{w.groups[kind]}</legend>
      <div className="mb-3 flex items-center justify-between gap-2">
        <OneOf small label={w.howMany} chosen={kind} onChoose={(one) => onChange(withKind(one, parts))}
               ways={(["all", "any", "not"] as const).map((one) => ({ id: one, label: w.groups[one] }))} />
        {onRemove && <IconButton icon="trash" label={w.removeGroup} className="size-8" onClick={onRemove} />}
      </div>
      <div className="flex flex-col gap-2">
        {parts.map((part, at) => (
          <div key={`${at} ${parts.length}`} className="flex flex-col gap-2">
            {at > 0 && <span className="pl-3 text-xs font-semibold text-soft uppercase">{kind === "any" ? w.or : w.and}</span>}
            <ConditionNode node={part} depth={depth + 1} problem={problem} path={inNot ? `${path}.not` : `${path}.${kind}.${at}`}
                           onChange={(next) => set(parts.with(at, next))}
                           onRemove={parts.length > 1 || depth > 0 && inNot ? () => (parts.length > 1 ? set(parts.toSpliced(at, 1)) : onRemove?.()) : undefined} />
          </div>
        ))}
      </div>
      {problem(`${path}.${kind}`) && <p className="mt-2 text-sm font-medium text-bad">{problem(`${path}.${kind}`)}</p>}
      {!inNot && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button small icon="plus" onClick={() => set([...parts, newLeaf("balance", "number")])}>{w.addCondition}</Button>
          {depth < 8 && <Button small look="quiet" icon="plus" onClick={() => set([...parts, withKind(kind === "all" ? "any" : "all", [newLeaf("balance", "number")])])}>{w.addGroup}</Button>}
        </div>
      )}
    </fieldset>
  );
}
