// Numbers, moments and spans as the reader's language writes them.

import { useMemo } from "react";

import { common } from "./common";
import { useLanguage, type Language } from "./words";

export const locales: Record<Language, string> = { en: "en-GB", nl: "nl-NL" };

function formats(language: Language) {
  const locale = locales[language];
  const number = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const fullDay = new Intl.DateTimeFormat(locale, { dateStyle: "full" });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const at = (time: string | number | Date) => new Date(time);
  return {
    number: (value: number) => number.format(value),
    compact: (value: number) => compact.format(value),
    percent: (share: number) => percent.format(share),
    money: (minor: number, currency: string) =>
      new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / 100),
    day: (time: string | number | Date) => day.format(at(time)),
    /** "29 Nov", where the year is known. */
    shortDay: (time: string | number | Date) => shortDay.format(at(time)),
    /** "Sunday 29 November 2026". */
    fullDay: (time: string | number | Date) => fullDay.format(at(time)),
    /** From one day until another: "12–18 May 2031". */
    days: (from: string | number | Date, until: string | number | Date) => day.formatRange(at(from), at(until)),
    moment: (time: string | number | Date) => moment.format(at(time)),
    exact: (time: string | number | Date) => exact.format(at(time)),
    /** "3 minutes ago", "in 2 days"; what is not a minute old is "just now", so that lists stay still. */
    relative: (time: string | number | Date) => {
      const seconds = (at(time).getTime() - Date.now()) / 1000;
      const steps: [Intl.RelativeTimeFormatUnit, number][] = [
        ["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600],
        ["minute", 60]];
      for (const [unit, length] of steps) {
        if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
      }
      return seconds > 0 ? relative.format(Math.trunc(seconds), "second") : common[language].justNow;
    },
  };
}

export type Formats = ReturnType<typeof formats>;

export function useFormats(): Formats {
  const language = useLanguage();
  return useMemo(() => formats(language), [language]);
}
