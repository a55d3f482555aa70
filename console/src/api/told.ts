// Short messages to whoever is here; ui/toast shows them.

import { store } from "./store";

export interface Told {
  id: number;
  text: string;
  bad: boolean;
}

export const told = store<Told[]>([]);
let last = 0;

/** Says something for a few seconds; what is bad stays until it is closed. */
export function tell(text: string, bad = false) {
  told.set([...told.get().slice(-3), { id: ++last, text, bad }]);
}
