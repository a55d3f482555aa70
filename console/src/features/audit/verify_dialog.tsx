import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";

import { PiggyError, piggy, type OutputOf } from "~/api/client";
import { Button, Buttons, Spinner } from "~/ui/button";
import { Dialog } from "~/ui/dialog";
import { Failed, Notice } from "~/ui/page";
import { Copyable } from "~/ui/show";
import { Table } from "~/ui/table";
import { audit as texts } from "~/words/audit";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useServer } from "~/words/server";
import { useWords } from "~/words/words";

/** It reads everything, so it is done when asked for, and not again by itself. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const verify = useMutation({ mutationFn: () => piggy.call("verify", {}) });
  const { mutate } = verify;
  useEffect(() => {
    mutate();
  }, [mutate]);
  const refused = verify.error instanceof PiggyError && verify.error.status === 403;
  return (
    <Dialog title={w.verifyTitle} onClose={onClose} wide={verify.data !== undefined}>
      <p className="mb-4 text-sm text-soft">{w.verifyAbout}</p>
      {verify.isPending && <p role="status" className="flex items-center gap-2"><Spinner />{w.verifying}</p>}
      {refused && <div className="flex flex-col gap-3"><Notice tone="warn">{w.verifyRefused}</Notice><Copyable text="piggy verify" label={w.command} /></div>}
      {verify.error && !refused && <Failed error={verify.error} retry={() => mutate()} />}
      {verify.data && <Verified result={verify.data} />}
      <Buttons><Button look="primary" onClick={onClose}>{c.close}</Button></Buttons>
    </Dialog>
  );
}

function Verified({ result }: { result: OutputOf<"verify"> }) {
  const w = useWords(texts);
  const server = useServer();
  const f = useFormats();
  return (
    <div className="flex flex-col gap-4">
      <Notice tone={result.clean ? "good" : "bad"}>
        {result.clean ? w.clean : <p className="font-medium">{w.broken}</p>}
        <ul>{result.accounts.flatMap((one) => one.problems.map((problem) => <li key={`${one.name} ${problem}`}>{one.name}: {server.say(problem)}</li>))}</ul>
      </Notice>
      <Table label={w.verifyTitle} rows={result.accounts} keyOf={(one) => one.name}
             columns={[
               { name: w.account, cell: (one) => one.name },
               { name: w.entries, cell: (one) => f.number(one.entries), number: true },
               { name: w.issued, cell: (one) => f.number(one.issued), number: true },
               { name: w.held, cell: (one) => f.number(one.held), number: true },
               { name: w.onRecord, cell: (one) => f.number(one.calls), number: true },
             ]} />
    </div>
  );
}
