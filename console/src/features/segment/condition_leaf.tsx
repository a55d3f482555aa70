// One thing that is asked of a contact: what, how, and with what it is compared.

import { useRead } from "~/api/hooks";
import { IconButton } from "~/ui/button";
import { segment } from "~/words/segment";
import { serverIn } from "~/words/server";
import { useWords } from "~/words/words";
import type { NodeProps } from "./condition_builder";
import { control } from "./control";
import { dataOf, familyOf, fieldGroups, isField, newLeaf, testsOf, withTest, type Data } from "./condition_model";
import { ConditionValue, Extras } from "./condition_value";

export function ConditionLeaf({ node, onChange, onRemove, path, problem }: NodeProps) {
  const w = useWords(segment);
  const read = useRead("list_contact_attributes", {});
  const attributes = read.data?.attributes ?? [];
  const leaf = dataOf(node);
  const field = String(leaf["field"] ?? "");
  const family = familyOf(field, attributes);
  const test = String(leaf["is"] ?? (family === "count" ? "at_least" : ""));
  const known = isField(field) || attributes.some((one) => `attribute.${one.name}` === field);
  const problems = [problem(path), ...["field", "is", "value", "kind", "days", "source", "state", "promotion", "subscription_type", "salt"].map((name) => problem(`${path}.${name}`))].filter(Boolean);
  // Chosen a moment later: until then what the server says of it helps nobody.
  const unchosen = field === "subscription" && !leaf["subscription_type"];
  const set = (next: Data) => onChange({ ...leaf, ...next });
  return (
    <div className="rounded-lg border border-line bg-paper px-3 py-2.5">
      <div className="flex items-start gap-2">
        <div className="flex min-w-0 grow flex-wrap items-center gap-2">
          <select aria-label={w.field} value={field} className={`${control} max-w-full font-medium`}
                  onChange={(event) => onChange(newLeaf(event.target.value, familyOf(event.target.value, attributes)))}>
            {!known && <option value={field}>{field}</option>}
            {(Object.keys(fieldGroups) as (keyof typeof fieldGroups)[]).map((group) => (
              <optgroup key={group} label={w.fieldGroups[group]}>
                {fieldGroups[group].map((name) => <option key={name} value={name}>{w.fields[name]}</option>)}
              </optgroup>
            ))}
            {attributes.length > 0 && (
              <optgroup label={w.attributes}>
                {attributes.map((one) => <option key={one.name} value={`attribute.${one.name}`}>{serverIn().say(one.label)}</option>)}
              </optgroup>
            )}
          </select>
          <Extras leaf={leaf} set={set} before />
          <select aria-label={w.test} value={test} className={control} onChange={(event) => onChange(withTest(leaf, event.target.value, family))}>
            {!testsOf(field, family).includes(test) && <option value={test}>{test}</option>}
            {testsOf(field, family).map((one) => <option key={one} value={one}>{w.tests[one] ?? one}</option>)}
          </select>
          <ConditionValue leaf={leaf} field={field} family={family} test={test} attributes={attributes} set={set} bad={problems.length > 0 && !unchosen} />
          <Extras leaf={leaf} set={set} />
        </div>
        {onRemove && <IconButton icon="close" label={w.removeCondition} className="size-8 shrink-0" onClick={onRemove} />}
      </div>
      {problems.length > 0 && <p className="mt-1.5 text-sm font-medium text-bad">{unchosen ? w.chooseSubscription : problems.join(" ")}</p>}
    </div>
  );
}
