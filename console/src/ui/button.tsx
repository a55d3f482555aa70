import type { ComponentProps, ReactNode } from "react";

import { join } from "./class";
import { Icon, type IconName } from "./icon";

const looks = {
  primary: "bg-pink text-on-pink border-transparent hover:brightness-110",
  plain: "bg-paper text-ink border-edge/60 hover:bg-sunk",
  quiet: "bg-transparent text-ink border-transparent hover:bg-sunk",
  danger: "bg-paper text-bad border-bad/50 hover:bg-bad-soft",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  icon?: IconName;
  small?: boolean;
  /** Work is under way: it cannot be pressed again, and says so. */
  busy?: boolean;
}

export function buttonClass(look: keyof typeof looks = "plain", small = false): string {
  return join(
    "inline-flex items-center justify-center gap-2 rounded-lg border font-medium whitespace-nowrap transition",
    "disabled:opacity-55", small ? "min-h-8 px-2.5 text-sm" : "min-h-10 px-3 sm:px-4", looks[look]);
}

export function Button({ look = "plain", icon, small, busy, className, children, ...others }: ButtonProps) {
  return (
    <button type="button" {...others} disabled={others.disabled || busy} aria-busy={busy || undefined}
            className={join(buttonClass(look, small), className)}>
      {busy ? <Spinner /> : icon && <Icon name={icon} className={small ? "size-4" : "size-5"} />}
      {children}
    </button>
  );
}

/** A button that is an icon alone; `label` is its name. */
export function IconButton({ icon, label, className, ...others }:
    Omit<ButtonProps, "children" | "look" | "small"> & { icon: IconName; label: string }) {
  return (
    <button type="button" aria-label={label} title={label} {...others}
            className={join("inline-grid size-9 shrink-0 place-items-center rounded-lg text-soft transition hover:bg-sunk hover:text-ink",
                            "disabled:opacity-55", className)}>
      <Icon name={icon} />
    </button>
  );
}

export function Spinner({ className = "size-4" }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={`shrink-0 animate-spin ${className}`}>
      <circle cx="12" cy="12" r="9" stroke="currentColor" strokeWidth={3} opacity={0.25} />
      <path d="M21 12a9 9 0 0 0-9-9" stroke="currentColor" strokeWidth={3} strokeLinecap="round" />
    </svg>
  );
}

/** Buttons at the end of a form or a dialog; the main one is the last. */
export function Buttons({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-3 in-[form.gap-4]:mt-1">{children}</div>;
}
