import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { useRead } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Empty, type Tone } from "~/ui/page";
import { Day } from "~/ui/show";
import { Table } from "~/ui/table";
import { access as texts } from "~/words/access";
import { common } from "~/words/common";
import { useWords } from "~/words/words";
import { NewTokenDialog } from "./new_token";
import { RevokeTokenDialog, RotateTokenDialog } from "./token_dialogs";

export type Token = OutputOf<"list_tokens">["tokens"][number];

const tones: Record<Token["state"], Tone> = { current: "good", due: "warn", succeeded: "plain", expired: "plain", revoked: "plain" };

export function Tokens() {
  const w = useWords(texts);
  const tokens = useRead("list_tokens", {});
  const [making, setMaking] = useState(false);
  return (
    <>
      <Card title={w.tabs.tokens} about={w.tokensAbout} flush actions={<Button look="primary" icon="plus" onClick={() => setMaking(true)}>{w.newToken}</Button>}>
        <Answer of={tokens}>
          {({ tokens: all }) => {
            const works = (one: Token) => one.state === "current" || one.state === "due" || one.state === "succeeded";
            const ended = all.filter((one) => !works(one)).reverse();
            return (
              <>
                <TokenTable label={w.tabs.tokens} tokens={all.filter(works).reverse()} />
                {ended.length > 0 && (
                  <details className="border-t border-line">
                    <summary className="px-5 py-3 text-sm font-medium">{w.ended(ended.length)}</summary>
                    <TokenTable label={w.ended(ended.length)} tokens={ended} ended />
                  </details>
                )}
              </>
            );
          }}
        </Answer>
      </Card>
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
    </>
  );
}

const pageSize = 50;

function TokenTable({ label, tokens, ended }: { label: string; tokens: Token[]; ended?: boolean }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [shown, setShown] = useState(pageSize);
  const [open, setOpen] = useState<{ what: "rotate" | "revoke"; token: Token }>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Table label={label} rows={tokens.slice(0, shown)} keyOf={(one) => one.uuid}
             more={{ has: tokens.length > shown, busy: false, load: () => setShown(shown + pageSize) }}
             empty={<Empty icon="key" title={w.noTokens}>{w.noTokensAbout}</Empty>}
             columns={[
               { name: w.tokenName, cell: (one) => one.name || <span className="text-soft">{w.unnamed}</span> },
               { name: w.kind, cell: (one) => <span title={w.kindsAbout[one.kind]}>{w.kinds[one.kind]}</span> },
               { name: w.scopes, minor: true, cell: (one) => (one.scopes === "*" ? w.everything : <span className="font-mono text-xs">{one.scopes}</span>) },
               { name: c.state, cell: (one) => <Badge tone={tones[one.state]}>{w.tokenStates[one.state]}</Badge> },
               { name: w.changeBy, minor: true, cell: (one) => <Day at={one.rotate_at} none={w.neverEnds} /> },
               { name: w.ends, cell: (one) => <Day at={one.revoked_at ?? one.expires_at} none={w.neverEnds} /> },
               { name: w.lastUsed, minor: true, cell: (one) => <Day at={one.last_used_at} none={w.neverUsed} /> },
               { name: c.created, minor: true, cell: (one) => <Day at={one.created_at} /> },
             ]}
             {...(ended ? {} : {
               actions: (one: Token) => (
                 <Menu items={[
                   { label: w.rotate, icon: "retry", disabled: one.state === "succeeded", onSelect: () => setOpen({ what: "rotate", token: one }) },
                   { label: w.revoke, icon: "trash", danger: true, onSelect: () => setOpen({ what: "revoke", token: one }) },
                 ]}>
                   <IconButton icon="more" label={`${c.actions}: ${one.name || one.uuid}`} />
                 </Menu>
               ),
             })} />
      {open?.what === "rotate" && <RotateTokenDialog token={open.token} onClose={close} />}
      {open?.what === "revoke" && <RevokeTokenDialog token={open.token} onClose={close} />}
    </>
  );
}
