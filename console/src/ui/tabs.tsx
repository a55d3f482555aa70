import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

import { join } from "./class";
import { useChosenInView } from "./in_view";

export interface Tab {
  id: string;
  label: string;
  content: ReactNode;
}

const manyTabs = 8; // More stand closer together.

/** Several views of one thing; one is shown. `chosen` and `onChoose` where the address keeps it. */
export function Tabs({ label, tabs, chosen, onChoose }: {
  label: string; tabs: Tab[]; chosen?: string; onChoose?: (id: string) => void;
}) {
  const list = useChosenInView<HTMLDivElement>("[data-state=active]", chosen);
  return (
    <Radix.Root defaultValue={tabs[0]?.id ?? ""} {...(chosen ? { value: chosen } : {})}
                {...(onChoose ? { onValueChange: onChoose } : {})}>
      <Radix.List ref={list} aria-label={label} className={join("mb-4 flex overflow-x-auto border-b border-line", tabs.length <= manyTabs && "gap-1")}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} value={tab.id}
                         className={join("-mb-px border-b-2 -outline-offset-2 border-transparent py-2 text-sm font-medium whitespace-nowrap text-soft hover:text-ink",
                                         "data-[state=active]:border-pink data-[state=active]:text-ink", tabs.length > manyTabs ? "px-2.5" : "px-3")}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => <Radix.Content key={tab.id} value={tab.id}>{tab.content}</Radix.Content>)}
    </Radix.Root>
  );
}
