import { Link } from "@tanstack/react-router";

import { otherProblems, useWrite } from "~/api/hooks";
import { Button, buttonClass } from "~/ui/button";
import { Problems } from "~/ui/field";
import { firstRun as texts } from "~/words/first_run";
import { useWords } from "~/words/words";

/** E-mail goes by the installation's own mail server, so that it takes one press. `first` of what is left to do, it stands out. */
export function Connect({ first }: { first: boolean }) {
  const w = useWords(texts);
  const connect = useWrite("create_connection");
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3">
        <Button look={first ? "primary" : "plain"} icon="mail" busy={connect.isPending} onClick={() => connect.mutate({ connector: "email" })}>{w.connectEmail}</Button>
        <Link to="/integrations" className={buttonClass("plain")}>{w.allIntegrations}</Link>
      </div>
      <Problems of={otherProblems(connect.error, [])} />
    </div>
  );
}
