import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

import { join } from "./class";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

/** `children` is the button that opens it; one element that takes a ref. */
export function Menu({ items, align = "end", children }: {
  items: (MenuItem | "line")[]; align?: "start" | "end"; children: ReactNode;
}) {
  return (
    // Not modal: that would lock the page's scrolling by a style element, which the page's policy forbids.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8}
                              className="z-50 min-w-44 rounded-xl border border-line bg-paper p-1.5 shadow-lg">
          {items.map((item, at) => item === "line"
            ? <DropdownMenu.Separator key={at} className="mx-1 my-1.5 h-px bg-line" />
            : (
              <DropdownMenu.Item key={item.label} disabled={item.disabled ?? false} onSelect={item.onSelect}
                                 className={join("flex cursor-pointer items-center gap-2.5 rounded-lg px-3 py-2 outline-none select-none",
                                                 "data-highlighted:bg-sunk data-disabled:opacity-50", item.danger && "text-bad")}>
                {item.icon && <Icon name={item.icon} className="size-4.5" />}
                {item.label}
              </DropdownMenu.Item>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
