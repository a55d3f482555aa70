// All vouchers of a list into a file, a page at a time.

import { useEffect, useRef, useState } from "react";

import { piggy, type InputOf } from "~/api/client";
import { Button } from "~/ui/button";
import { csvOf, keepFile } from "~/ui/csv";
import { tellProblem } from "~/ui/toast";
import { useFormats } from "~/words/format";
import { useWords } from "~/words/words";
import { voucherWords } from "~/words/voucher";
import type { Voucher } from "./voucher";

const pageSize = 500; // The most that the server gives at once.

/** Every voucher that the filter lets through, at most so many. */
export async function allVouchers(filter: InputOf<"list_vouchers">, most: number, signal: AbortSignal, onProgress?: (done: number, total: number) => void): Promise<Voucher[]> {
  const all: Voucher[] = [];
  for (let page = 1; all.length < most; page++) {
    const got = await piggy.call("list_vouchers", { ...filter, page, limit: pageSize }, { signal });
    all.push(...got.vouchers);
    onProgress?.(all.length, got.page.total);
    if (got.vouchers.length === 0 || all.length >= got.page.total) break;
  }
  return all.slice(0, most);
}

export function VoucherCsv({ name, filter, small = true }: { name: string; filter: InputOf<"list_vouchers">; small?: boolean }) {
  const w = useWords(voucherWords);
  const f = useFormats();
  const stop = useRef<AbortController>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const run = async () => {
    const controller = new AbortController();
    stop.current = controller;
    setProgress({ done: 0, total: 0 });
    try {
      const all = await allVouchers(filter, Infinity, controller.signal, (done, total) => setProgress({ done, total }));
      keepFile(`${name}.csv`, csvOf(["code", "state", "contact", "times_redeemed", "redemptions_allowed", "good_from", "good_until"],
                                    all.map((one) => [one.code, one.status, one.contact?.email, one.times_redeemed, one.total_redemptions_allowed, one.activation_date, one.expiration_date])));
    } catch (error) {
      if (!controller.signal.aborted) tellProblem(error);
    }
    setProgress(null);
  };
  if (!progress) return <Button small={small} icon="download" onClick={() => void run()}>{w.csv}</Button>;
  return <Button small={small} icon="stop" onClick={() => stop.current?.abort()}>{w.stopAt(f.number(progress.done), f.number(progress.total))}</Button>;
}
