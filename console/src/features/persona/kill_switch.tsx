// Stops one persona or all, from the next call on; or lets them act again.

import { otherProblems, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { tell, tellProblem } from "~/ui/toast";
import { persona } from "~/words/persona";
import { useWords } from "~/words/words";
import { Avatar } from "./avatar";
import type { Persona } from "./tools";

const namesShown = 12;

/** Asks before it stops; `only` when it is about one. */
export function StopDialog({ stops, only, onClose }: { stops: Persona[]; only?: boolean; onClose: () => void }) {
  const w = useWords(persona);
  const one = only ? stops[0] : undefined;
  const stop = useWrite("set_persona_state", {
    onDone: ({ changed }) => {
      tell(w.stopped(changed));
      onClose();
    },
  });
  return (
    <FormDialog danger title={one ? w.stopOneTitle(one.name) : w.stopAllTitle} action={one ? w.stop : w.stopAll} busy={stop.isPending}
                problems={otherProblems(stop.error, [])} onClose={onClose}
                onSubmit={() => stop.mutate({ state: "stopped", ...(one ? { persona_uuid: one.uuid } : {}) })}>
      <p>{one ? w.stopOneAbout(one.name) : w.stopAllAbout}</p>
      {!one && (
        <div>
          <p className="mb-1.5 text-sm text-soft">{w.willStop}</p>
          <ul className="flex flex-wrap gap-x-4 gap-y-1.5">
            {stops.slice(0, namesShown).map((each) => (
              <li key={each.uuid} className="flex min-w-0 items-center gap-2"><Avatar avatar={each.avatar} name={each.name} size="small" /><span className="min-w-0">{each.name}</span></li>
            ))}
            {stops.length > namesShown && <li className="text-soft">+ {stops.length - namesShown}</li>}
          </ul>
        </div>
      )}
    </FormDialog>
  );
}

export function useLetAct() {
  const w = useWords(persona);
  const write = useWrite("set_persona_state", { onDone: ({ changed }) => tell(w.acting(changed)) });
  return {
    busy: write.isPending,
    letAct: (uuid?: string) => write.mutate({ state: "active", ...(uuid ? { persona_uuid: uuid } : {}) }, { onError: tellProblem }),
  };
}
