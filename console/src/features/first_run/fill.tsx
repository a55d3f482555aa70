import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { messageOf, newKey, queries } from "~/api/hooks";
import { Button } from "~/ui/button";
import { join } from "~/ui/class";
import { Problems } from "~/ui/field";
import { Icon, type IconName } from "~/ui/icon";
import { Meter } from "~/ui/meter";
import { tell } from "~/ui/toast";
import { firstRun as texts } from "~/words/first_run";
import { useWords } from "~/words/words";
import { fillExample } from "./example";

const choice = "flex h-full w-full flex-col items-start gap-1 rounded-xl border border-line p-4 text-left hover:border-edge hover:bg-sunk";

export function Fill({ onEmpty }: { onEmpty: () => void }) {
  const w = useWords(texts);
  const [run] = useState(() => newKey());
  const [made, setMade] = useState<{ done: number; all: number }>();
  const [problem, setProblem] = useState<string>();
  const fill = async () => {
    setProblem(undefined);
    setMade({ done: 0, all: 1 });
    try {
      await fillExample(w, run, (done, all) => setMade({ done, all }));
      tell(w.filled);
    } catch (error) {
      setProblem(w.fillFailed(messageOf(error)));
    }
    await queries.invalidateQueries();
  };
  if (made) {
    return (
      <div role="status">
        <Meter label={w.example} max={made.all} value={made.done} className="mb-2" />
        <p className="text-sm">{w.filling(made.done, made.all)}</p>
        <Problems of={problem ? [problem] : []} />
        {problem && <Button className="mt-3" icon="retry" onClick={() => void fill()}>{w.goOnFilling}</Button>}
      </div>
    );
  }
  return (
    <ul className="grid gap-3 sm:grid-cols-3">
      <li><button type="button" className={join(choice, "border-pink")} onClick={() => void fill()}><Said icon="star" title={w.example} about={w.exampleAbout} /></button></li>
      <li><Link to="/contacts/import" className={choice}><Said icon="upload" title={w.importContacts} about={w.importAbout} /></Link></li>
      <li><button type="button" className={choice} onClick={onEmpty}><Said icon="plus" title={w.empty} about={w.emptyAbout} /></button></li>
    </ul>
  );
}

function Said({ icon, title, about }: { icon: IconName; title: string; about: string }) {
  return (
    <>
      <Icon name={icon} className="mb-1 size-5 text-pink" />
      <span className="font-medium">{title}</span>
      <span className="text-sm text-soft">{about}</span>
    </>
  );
}
