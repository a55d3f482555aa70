// What a token may do, by what it touches. Which rights there are, the server's own description says:
// each operation names the one it asks for.

import { useQuery } from "@tanstack/react-query";

import { join } from "~/ui/class";
import { CheckField, Problems } from "~/ui/field";
import { Answer } from "~/ui/page";
import { access as texts } from "~/words/access";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";
import { Choices } from "./choices";

interface Described {
  paths: Record<string, Record<string, { "x-scope"?: string }>>;
}

async function scopesByArea(): Promise<[area: string, scopes: string[]][]> {
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(response.statusText);
  const { paths } = await response.json() as Described;
  const all = new Set(Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation["x-scope"] ?? "")));
  const areas = new Map<string, string[]>();
  for (const scope of [...all].sort()) {
    const [area = "", right = ""] = scope.split(":");
    // A program's right over its own token needs no permission.
    if (area === "" || right === "" || right === "self") continue;
    areas.set(area, [...(areas.get(area) ?? []), scope]);
  }
  return [...areas];
}

export function ScopePicker({ chosen, onChoose, problem }: {
  chosen: string[] | undefined; onChoose: (scopes: string[] | undefined) => void; problem: string | undefined;
}) {
  const w = useWords(texts);
  return (
    <div className="flex flex-col gap-3">
      <Choices label={w.scopes} chosen={chosen ? "some" : "all"} onChoose={(id) => onChoose(id === "all" ? undefined : [])}
               choices={[{ id: "all", label: w.everything }, { id: "some", label: w.chosenScopes }]} />
      {chosen && <Scopes chosen={chosen} onChoose={onChoose} />}
      <Problems of={problem ? [problem] : []} />
    </div>
  );
}

function Scopes({ chosen, onChoose }: { chosen: string[]; onChoose: (scopes: string[]) => void }) {
  const w = useWords(texts);
  const { label } = useServer();
  const areas = useQuery({ queryKey: ["scopes"], queryFn: scopesByArea, staleTime: Infinity });
  const word = (right: string) => (right === "read" ? w.reads : right === "write" ? w.writes : label(right));
  const column = (right: string) => (right === "read" ? "sm:col-start-2" : right === "write" ? "sm:col-start-3" : "sm:col-start-4");
  const set = (scope: string, on: boolean) => onChoose(on ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  return (
    <Answer of={areas}>
      {(all) => (
        <div className="max-h-72 overflow-y-auto rounded-lg border border-line" tabIndex={0} role="region" aria-label={w.scopes}>
          {all.map(([area, scopes]) => (
            <fieldset key={area} className="flex flex-wrap items-center gap-x-5 gap-y-1 border-b border-line px-3 py-1.5 last:border-0 sm:grid sm:grid-cols-[1fr_6rem_6rem_6rem]">
              <legend className="sr-only">{w.scopesOf(label(area))}</legend>
              <span aria-hidden="true" className="w-full text-sm font-medium sm:w-auto">{label(area)}</span>
              {scopes.map((scope) => (
                <span key={scope} className={join("text-sm", column(scope.split(":")[1]!))}>
                  <CheckField label={word(scope.split(":")[1]!)} checked={chosen.includes(scope)} onChange={(event) => set(scope, event.target.checked)} />
                </span>
              ))}
            </fieldset>
          ))}
        </div>
      )}
    </Answer>
  );
}
