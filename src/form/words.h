#pragma once

// What forms say to whoever fills them in, beside the shop's own texts. See base/language.h.

#include "base/language.h"

namespace piggy::form_words {

// The form itself.

inline constexpr Phrase optional("(optional)", "(niet verplicht)");
inline constexpr Phrase trap("Leave this empty", "Laat dit leeg");
inline constexpr Phrase send("Send", "Verstuur");
inline constexpr Phrase thanks("Thank you. We got what you sent.",
                               "Bedankt. We hebben het ontvangen.");
inline constexpr Phrase look_again("Nothing was sent yet. Please look at this again:",
                                   "Er is nog niets verstuurd. Kijk dit nog even na:");
// Said by the snippet's script.
inline constexpr Phrase not_sent("This could not be sent. Please try again.",
                                 "Dit kon niet worden verstuurd. Probeer het nog eens.");

// What is wrong with an answer: below its field, and to programs.
inline constexpr Phrase<1> below_field("This {}.", "Dit {}.");
inline constexpr Phrase<2> of_field("The {} field {}.", "Het veld {} {}.");

// The rest of those sentences; some stand in contact/words.h.

inline constexpr Phrase required("is required", "is verplicht");
inline constexpr Phrase no_phone("must be a phone number", "moet een telefoonnummer zijn");
inline constexpr Phrase no_web_address("must begin with https:// or http://",
                                       "moet beginnen met https:// of http://");
inline constexpr Phrase no_boolean("must be true or false", "moet waar of onwaar zijn");
inline constexpr Phrase no_option("must be one of its options", "moet een van de keuzes zijn");
inline constexpr Phrase no_options("must be some of its options",
                                   "mag alleen uit de keuzes bestaan");
inline constexpr Phrase<1> too_many_letters("may not be longer than {} characters",
                                            "mag niet langer zijn dan {} tekens");
inline constexpr Phrase<1> too_many_bytes("may not be greater than {} bytes",
                                          "mag niet groter zijn dan {} bytes");
inline constexpr Phrase too_many_values("has too many values", "heeft te veel waarden");
inline constexpr Phrase no_list("must be a list of texts", "moet een lijst van teksten zijn");
inline constexpr Phrase no_text("must be a text", "moet een tekst zijn");
inline constexpr Phrase not_agreed("must be agreed to", "moet worden aangevinkt");
inline constexpr Phrase needed_with_consent("is needed with a consent",
                                            "is nodig als je toestemming geeft");

// The mail that asks for a confirmation, whose subject stands in contact/words.h, and what becomes
// of its link.

inline constexpr Phrase<1> somebody_agreed("Somebody gave this address to {} and agreed to:",
                                           "Iemand gaf dit adres aan {} en ging akkoord met:");
// Around what is the link, where there are links.
inline constexpr Phrase<1> if_you("If it was you, please {}, within seven days",
                                  "Was jij dat? {}, binnen zeven dagen");
inline constexpr Phrase confirm_here("confirm it here", "Bevestig het hier");
inline constexpr Phrase if_not_you("If it was not, do nothing: then nothing is sent to you.",
                                   "Was je het niet? Doe dan niets: dan krijg je niets.");
inline constexpr Phrase confirmed_already("This has been confirmed already.",
                                          "Dit is al bevestigd.");
inline constexpr Phrase link_too_old("This link is too old. Please fill in the form once more.",
                                     "Deze link is te oud. Vul het formulier nog een keer in.");

}  // namespace piggy::form_words
