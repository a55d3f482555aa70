// About the whole installation rather than this account: for its owner alone, who works on the
// machine; a page may be refused, and then says which command does it.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { piggy, type OutputOf } from "~/api/client";
import { problemOf, useRead } from "~/api/hooks";
import { Button } from "~/ui/button";
import { TextField } from "~/ui/field";
import { Answer, Badge, Card, Notice } from "~/ui/page";
import { Table } from "~/ui/table";
import { useFormats } from "~/words/format";
import { settings as texts } from "~/words/settings";
import { useWords } from "~/words/words";
import { OwnerOnly, Refusal, shellWord, useIsAbove } from "./refused";

export function Installation() {
  const w = useWords(texts);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title={w.vault} about={w.vaultAbout}><Vault /></Card>
      <Card title={w.backup} about={w.backupAbout}><Backup /></Card>
    </div>
  );
}

function Vault() {
  const [prove, setProve] = useState(false);
  const vault = useRead("vault_status", prove ? { prove: true } : {}, { keep: true });
  const above = useIsAbove(vault.error);
  if (above) return <OwnerOnly command="piggy vault status" />;
  return <Answer of={vault}>{(status) => <VaultStatus status={status} proving={prove && vault.isFetching} onProve={() => setProve(true)} />}</Answer>;
}

function VaultStatus({ status, proving, onProve }: { status: OutputOf<"vault_status">; proving: boolean; onProve: () => void }) {
  const w = useWords(texts);
  const f = useFormats();
  return (
    <div className="flex flex-col gap-4">
      <div className="-mx-5">
        <Table label={w.masters} rows={status.masters} keyOf={(one) => one.id}
               columns={[
                 { name: w.fingerprint, cell: (one) => <><code className="font-mono text-xs">{one.id}</code> {one.current && <Badge tone="good">{w.inUse}</Badge>}</> },
                 { name: w.kept, cell: (one) => w.keptIn[one.kind] },
                 { name: w.keys, number: true, cell: (one) => f.number(one.keys) },
               ]} />
      </div>
      <p className="text-sm">{w.sealed(f.number(status.done), f.number(status.total))}</p>
      {status.rotation?.problem && <Notice tone="bad">{status.rotation.problem}</Notice>}
      {status.proof
        ? <Notice tone={status.proof.refused > 0 ? "bad" : "good"}>{w.proof(f.number(status.proof.opened), f.number(status.proof.refused))} {status.proof.complete && w.complete}</Notice>
        : <div className="flex flex-wrap items-center gap-3"><Button icon="shield" busy={proving} onClick={onProve}>{w.prove}</Button><span className="text-sm text-soft">{w.proveAbout}</span></div>}
    </div>
  );
}

function Backup() {
  const w = useWords(texts);
  const f = useFormats();
  const [file, setFile] = useState("piggy-backup.db");
  const backup = useMutation({ mutationFn: () => piggy.call("backup", { file }) });
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); backup.mutate(); }}>
      <TextField label={w.backupFile} value={file} spellCheck={false} onChange={(event) => setFile(event.target.value)} problem={problemOf(backup.error, "file")} />
      <Refusal error={backup.error} shown={["file"]} command={`piggy backup ${shellWord(file)}`} />
      {backup.data && <Notice tone="good">{w.backedUp(backup.data.file, f.number(backup.data.bytes))}</Notice>}
      <div><Button type="submit" icon="download" busy={backup.isPending}>{w.backupNow}</Button></div>
    </form>
  );
}
