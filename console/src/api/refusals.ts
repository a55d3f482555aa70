// How many writes and rehearsals the server has refused: what it said of a field before the last is of an older try.

import { store } from "./store";

export const refusals = store(0);
