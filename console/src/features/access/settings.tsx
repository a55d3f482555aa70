import { useAsked } from "~/app/address";
import { ErasureRequests, useWaitingErasures } from "~/features/erasure/requests";
import { Page } from "~/ui/page";
import { Tabs } from "~/ui/tabs";
import { access as texts } from "~/words/access";
import { brand } from "~/words/brand";
import { erasureWords } from "~/words/erasure";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { Apps } from "./apps";
import { BrandSettings } from "./brand";
import { Installation } from "./installation";
import { Mail } from "./mail";
import { Password } from "./password";
import { PlanAndUsage } from "./plan";
import { ShopSettings } from "./shop";
import { Tokens } from "./tokens";
import { Users } from "./users";
import { Webhooks } from "./webhooks";

export default function Settings() {
  const w = useWords(texts);
  const b = useWords(brand);
  const e = useWords(erasureWords);
  const f = useFormats();
  const waiting = useWaitingErasures();
  const [asked, ask] = useAsked();
  const tabs = [
    { id: "users", label: w.tabs.users, content: <Users /> },
    { id: "tokens", label: w.tabs.tokens, content: <Tokens /> },
    { id: "apps", label: w.tabs.apps, content: <Apps /> },
    { id: "plan", label: w.tabs.plan, content: <PlanAndUsage /> },
    { id: "webhooks", label: w.tabs.webhooks, content: <Webhooks /> },
    { id: "shop", label: w.tabs.shop, content: <ShopSettings /> },
    { id: "portal", label: b.tab, content: <BrandSettings /> },
    { id: "erasure", label: e.tab(waiting > 0 ? f.number(waiting) : ""), content: <ErasureRequests /> },
    { id: "mail", label: w.tabs.mail, content: <Mail /> },
    { id: "password", label: w.tabs.password, content: <Password /> },
    { id: "installation", label: w.tabs.installation, content: <Installation /> },
  ];
  const chosen = tabs.find((tab) => tab.id === asked["tab"])?.id ?? "users";
  return (
    <Page title={w.title}>
      <Tabs label={w.sections} tabs={tabs} chosen={chosen} onChoose={(tab) => ask({ tab })} />
    </Page>
  );
}
