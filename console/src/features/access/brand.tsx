import { useState } from "react";

import { useSession, type OutputOf } from "~/api/client";
import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { Button, Buttons, buttonClass } from "~/ui/button";
import { Field, Problems, TextArea } from "~/ui/field";
import { Icon } from "~/ui/icon";
import { Answer, Card } from "~/ui/page";
import { Copyable } from "~/ui/show";
import { tell } from "~/ui/toast";
import { brand as texts } from "~/words/brand";
import { common } from "~/words/common";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";

const logoBytesMax = 140_000;

export function BrandSettings() {
  const w = useWords(texts);
  const { account } = useSession();
  const brand = useRead("get_brand", {});
  const address = `${window.location.origin}/portal/${encodeURIComponent(account)}`;
  return (
    <div className="flex flex-col gap-5">
      <Card title={w.address} about={w.about}
            actions={<a href={address} target="_blank" rel="noreferrer" className={buttonClass("plain", true)}><Icon name="external" className="size-4" />{w.open}</a>}>
        <Copyable text={address} label={w.address} />
      </Card>
      <Card title={w.title}><Answer of={brand}>{(now) => <Look now={now} />}</Answer></Card>
    </div>
  );
}

function Look({ now }: { now: OutputOf<"get_brand"> }) {
  const w = useWords(texts);
  const c = useWords(common);
  const f = useFormats();
  const [colour, setColour] = useState(now.colour);
  const [logo, setLogo] = useState(now.logo);
  const [welcome, setWelcome] = useState(now.welcome);
  const [tooLarge, setTooLarge] = useState(false);
  const set = useWrite("set_brand", { onDone: () => tell(c.saved) });
  const take = (file: File | undefined) => {
    if (!file) return;
    setTooLarge(file.size > logoBytesMax);
    if (file.size > logoBytesMax) return;
    const reader = new FileReader();
    reader.onload = () => setLogo(String(reader.result));
    reader.readAsDataURL(file);
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); set.mutate({ colour, logo, welcome }); }}
          className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        <Field label={w.colour} hint={w.colourHint} problem={problemOf(set.error, "colour")}>
          {(tied) => <input type="color" {...tied} value={colour} onChange={(event) => setColour(event.target.value)} className="h-10 w-24 rounded-lg border border-edge/70 bg-paper p-1" />}
        </Field>
        <Field label={w.logo} hint={w.logoHint} problem={tooLarge ? w.tooLarge : problemOf(set.error, "logo")}>
          {(tied) => (
            <input type="file" {...tied} accept="image/png,image/jpeg,image/webp,image/svg+xml" onChange={(event) => take(event.target.files?.[0])}
                   className="w-full text-sm file:mr-3 file:rounded-lg file:border file:border-edge/60 file:bg-paper file:px-3 file:py-1.5" />
          )}
        </Field>
        {logo && <div className="-my-2 -ml-2.5"><Button small look="quiet" icon="trash" onClick={() => setLogo("")}>{w.removeLogo}</Button></div>}
        <TextArea label={w.welcome} hint={w.welcomeHint} optional value={welcome} onChange={(event) => setWelcome(event.target.value)}
                  problem={problemOf(set.error, "welcome")} />
        <Problems of={otherProblems(set.error, ["colour", "logo", "welcome"])} />
        <Buttons><Button type="submit" look="primary" busy={set.isPending}>{c.save}</Button></Buttons>
      </div>
      <section aria-label={w.preview} className="rounded-xl border border-line bg-desk p-4">
        <div className="mb-3 flex items-center gap-3">
          {logo && <img src={logo} alt="" className="h-8 max-w-32 object-contain" />}
          <span className="truncate font-semibold">{now.company}</span>
        </div>
        <div className="rounded-xl p-5 text-white" style={{ background: colour }}>
          <p className="text-lg font-semibold">{w.previewName}</p>
          <p className="mt-3 text-3xl font-semibold tabular-nums">{f.number(1250)}</p>
        </div>
        {welcome && <p className="mt-3 text-sm whitespace-pre-line text-soft">{welcome}</p>}
      </section>
    </form>
  );
}
