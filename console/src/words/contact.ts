import { contactDutch } from "./contact_nl";
import { contactEnglish } from "./contact_en";
import { words } from "./words";

export const contactWords = words(contactEnglish, contactDutch);
