// Short messages to whoever is here; ui/toast shows them.

import { store } from "./store";

export interface Told {
  id: number;
  text: string;
  bad: boolean;
}

export const told = store<Told[]>([]);
let last = 0;

/** Says something for a few seconds; what is bad stays until it is closed. The same is not said twice. */
export function tell(text: string, bad = false) {
  told.set([...told.get().filter((one) => one.text !== text).slice(-2), { id: ++last, text, bad }]);
}
