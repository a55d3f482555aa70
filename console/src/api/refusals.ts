// How often a form was sent or refused: what was said of a field before the last time is of an older try.

import { store } from "./store";

export const refusals = store(0);
