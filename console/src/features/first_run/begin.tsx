// The first page of an installation that holds nothing: who owns it, and what the shop is called.
// That it is the owner who asks is shown by the setup code, which the program printed when it started.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { PiggyError, beginInstallation, resumeSession } from "~/api/client";
import { otherProblems, problemOf } from "~/api/hooks";
import { useAsked } from "~/app/address";
import logo from "~/app/piggy.svg";
import { Button, Buttons } from "~/ui/button";
import { Problems, SelectField, TextField } from "~/ui/field";
import { common } from "~/words/common";
import { firstRun as texts } from "~/words/first_run";
import { useWords } from "~/words/words";
import { Progress } from "./progress";

const passwordMin = 12;
const ownerFields = ["email", "name", "password"] as const;
const shopFields = ["company", "time_zone", "currency", "code"] as const;
const currencies = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD"];

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "Europe/Amsterdam";
const zones = [...new Set([ownZone, ...Intl.supportedValuesOf("timeZone")])].sort();

export default function Begin() {
  const w = useWords(texts);
  const navigate = useNavigate();
  const [asked] = useAsked();
  const given = asked["setup"] ?? "";
  const [step, setStep] = useState<"owner" | "shop">("owner");
  const [input, setInput] = useState({
    email: "", name: "", password: "", company: "", time_zone: ownZone, currency: "EUR", code: given,
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const set = (name: keyof typeof input) => (event: { target: { value: string } }) => setInput({ ...input, [name]: event.target.value });
  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await beginInstallation({ ...input, code: input.code.trim(), name: input.name || null });
      await navigate({ to: "/welcome", search: {} });
    } catch (problem) {
      setError(problem);
      setBusy(false);
      // Somebody else was first: whoever comes now signs in.
      if (problem instanceof PiggyError && Object.keys(problem.errors).length === 0) await resumeSession();
      if (ownerFields.some((name) => problemOf(problem, name))) setStep("owner");
    }
  };
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-xl rounded-2xl border border-line bg-paper p-6 sm:p-8">
        <div className="mb-5 flex items-center gap-4">
          <img src={logo} alt="" className="size-12" />
          <div>
            <h1 className="text-xl font-semibold">{w.title}</h1>
            <p className="text-sm text-soft">{w.about}</p>
          </div>
        </div>
        <Progress done={step === "shop" ? ["owner"] : []} now={step} />
        {step === "owner"
          ? <Owner input={input} set={set} error={error} onNext={() => setStep("shop")} />
          : <Shop input={input} set={set} error={error} busy={busy} asksCode={given === "" || problemOf(error, "code") !== undefined}
                  onBack={() => setStep("owner")} onSend={() => void send()} />}
      </div>
    </main>
  );
}

interface Input { email: string; name: string; password: string; company: string; time_zone: string; currency: string; code: string }
type Set = (name: keyof Input) => (event: { target: { value: string } }) => void;

function Owner({ input, set, error, onNext }: { input: Input; set: Set; error: unknown; onNext: () => void }) {
  const w = useWords(texts);
  const c = useWords(common);
  const [tried, setTried] = useState(false);
  const email = input.email.includes("@") ? undefined : w.emailNeeded;
  const password = input.password.length >= passwordMin ? undefined : w.tooShort;
  const next = () => {
    setTried(true);
    if (!email && !password) onNext();
  };
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); next(); }}>
      <Heading title={w.ownerTitle} about={w.ownerAbout} />
      <TextField label={w.email} type="email" autoComplete="username" autoFocus value={input.email} onChange={set("email")}
                 problem={problemOf(error, "email") ?? (tried ? email : undefined)} />
      <TextField label={w.name} autoComplete="name" optional value={input.name} onChange={set("name")} problem={problemOf(error, "name")} />
      <TextField label={w.password} type="password" autoComplete="new-password" hint={w.passwordHint} value={input.password} onChange={set("password")}
                 problem={problemOf(error, "password") ?? (tried ? password : undefined)} />
      <Buttons><Button type="submit" look="primary">{c.next}</Button></Buttons>
    </form>
  );
}

function Shop({ input, set, error, busy, asksCode, onBack, onSend }: {
  input: Input; set: Set; error: unknown; busy: boolean; asksCode: boolean; onBack: () => void; onSend: () => void;
}) {
  const w = useWords(texts);
  const c = useWords(common);
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (!busy) onSend(); }}>
      <Heading title={w.shopTitle} about={w.shopAbout} />
      <TextField label={w.company} autoComplete="organization" autoFocus value={input.company} onChange={set("company")} problem={problemOf(error, "company")} />
      <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
        <SelectField label={w.zone} value={input.time_zone} onChange={set("time_zone")} problem={problemOf(error, "time_zone")}>
          {zones.map((zone) => <option key={zone} value={zone}>{zone.replaceAll("_", " ")}</option>)}
        </SelectField>
        <SelectField label={w.currency} value={input.currency} onChange={set("currency")} problem={problemOf(error, "currency")}>
          {currencies.map((one) => <option key={one}>{one}</option>)}
        </SelectField>
      </div>
      {asksCode && <TextField label={w.code} hint={w.codeHint} autoComplete="off" spellCheck={false} value={input.code} onChange={set("code")} problem={problemOf(error, "code")} />}
      <Problems of={otherProblems(error, [...ownerFields, ...shopFields])} />
      <Buttons>
        <Button onClick={onBack} disabled={busy}>{c.back}</Button>
        <Button type="submit" look="primary" busy={busy}>{w.begin}</Button>
      </Buttons>
    </form>
  );
}

function Heading({ title, about }: { title: string; about: string }) {
  return (
    <div>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="text-sm text-soft">{about}</p>
    </div>
  );
}
