// The tool that a step calls, and what it is given: a field for each that the tool takes.

import { useRead } from "~/api/hooks";
import { Field } from "~/ui/field";
import type { Schema } from "~/ui/schema_form";
import { flow } from "~/words/flow";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { dataOf, textOf, type Data } from "./model";
import { ValueField } from "./value_field";

export function ToolFields({ given, onChange, problem }: {
  given: Data; onChange: (given: Data) => void; problem: (path: string) => string | undefined;
}) {
  const w = useWords(flow);
  const server = useServer();
  const tools = useRead("list_tools", {});
  const tool = textOf(given["tool"]);
  const known = tools.data?.tools.find((one) => one.tool === tool);
  const whole = useRead("get_tool", { tool }, { enabled: known !== undefined });
  const schema = dataOf(whole.data?.input_schema) as Schema;
  const input = dataOf(given["input"]);
  const required = schema.required ?? [];
  const names = [...new Set([...required, ...Object.keys(schema.properties ?? {}), ...Object.keys(input)])];
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...others } = input;
    onChange({ ...given, input: value === undefined ? others : name in input ? { ...input, [name]: value } : { ...others, [name]: value } });
  };
  return (
    <>
      <Field label={w.tool} hint={known ? server.about(known) : w.toolHint} problem={problem("call.tool")}>
        {(tied) => (
          <>
            <input {...tied} list={`${tied.id}-tools`} value={tool} spellCheck={false} autoComplete="off"
                   onChange={(event) => onChange({ ...given, tool: event.target.value })}
                   className="w-full rounded-lg border border-edge/70 bg-paper px-3 py-2 font-mono text-sm aria-invalid:border-bad" />
            <datalist id={`${tied.id}-tools`}>
              {(tools.data?.tools ?? []).map((one) => <option key={one.tool} value={one.tool}>{server.title(one.tool, one)}</option>)}
            </datalist>
          </>
        )}
      </Field>
      {schema.properties
        ? (
          <fieldset className="flex flex-col gap-3 border-l-2 border-line pl-4">
            <legend className="mb-2 text-sm font-medium">{w.toolInput}</legend>
            {names.map((name) => {
              const one = schema.properties?.[name];
              return (
                <ValueField key={`${tool} ${name}`} short label={server.label(name)} hint={one?.description === undefined ? w.unknownField : server.say(one.description)} text={one?.type === "string"}
                            value={input[name]} optional={!required.includes(name)} problem={problem(`call.input.${name}`)} onChange={(value) => set(name, value)} />
              );
            })}
          </fieldset>
        )
        : <ValueField key={tool} label={w.toolInput} hint={w.valueHint} value={given["input"]} problem={problem("call.input")}
                      onChange={(value) => onChange(value === undefined ? { tool } : { ...given, input: value })} />}
    </>
  );
}
