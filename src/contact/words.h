#pragma once

// What we say to a shop's customers about themselves. See base/language.h.

#include "base/language.h"

namespace piggy::contact_words {

// What is wrong with a value: the rest of the sentence "The firstname …" (Het veld firstname …).

inline constexpr Phrase<1> too_long("may not be longer than {} bytes",
                                    "mag niet langer zijn dan {} bytes");
inline constexpr Phrase control_characters("must not hold control characters",
                                           "mag geen besturingstekens bevatten");
inline constexpr Phrase no_web_address("must be an address that begins with https:// or http://",
                                       "moet een adres zijn dat begint met https:// of http://");
inline constexpr Phrase no_phone("must be a telephone number", "moet een telefoonnummer zijn");
inline constexpr Phrase no_color("must be a color such as #ff8800",
                                 "moet een kleur zijn zoals #ff8800");
inline constexpr Phrase no_number("must be a number", "moet een getal zijn");
inline constexpr Phrase no_boolean("field must be true or false", "moet waar of onwaar zijn");
inline constexpr Phrase no_date("must be a date such as 2024-01-31",
                                "moet een datum zijn zoals 2024-01-31");
inline constexpr Phrase in_the_future("must not lie in the future",
                                      "mag niet in de toekomst liggen");
inline constexpr Phrase no_moment("must be a date and time such as 2024-01-31T09:30:00+00:00",
                                  "moet een datum en tijd zijn zoals 2024-01-31T09:30:00+00:00");
inline constexpr Phrase no_time_of_day("must be a time such as 09:30",
                                       "moet een tijd zijn zoals 09:30");
inline constexpr Phrase no_range("must be a range: its start, a slash, its end",
                                 "moet een periode zijn: het begin, een schuine streep, het einde");
inline constexpr Phrase ends_too_early("must not end before it starts",
                                       "mag niet eindigen voor het begint");
inline constexpr Phrase no_option("must be the value of one of its options",
                                  "moet een van de keuzes zijn");
inline constexpr Phrase no_options("must hold only values of its options",
                                   "mag alleen uit de keuzes bestaan");
inline constexpr Phrase no_license_plate("must be a license plate", "moet een kenteken zijn");
inline constexpr Phrase no_email("must be a valid email address",
                                 "moet een geldig e-mailadres zijn");
inline constexpr Phrase not_set("cannot be set", "kan niet worden ingevuld");
inline constexpr Phrase not_single("must be a single value", "moet één waarde zijn");

// The mail with a code.

inline constexpr Phrase<2> code_subject("{} is your code for {}", "{} is je code voor {}");
inline constexpr Phrase<2> code("Your code for {} is {}. It is good for 15 minutes.",
                                "Je code voor {} is {}. Hij is 15 minuten geldig.");
// Before a link, and the link itself where it is one.
inline constexpr Phrase<1> code_link("Or {}, within ten minutes", "Of {}, binnen tien minuten");
inline constexpr Phrase sign_in_here("sign in here", "log hier in");
inline constexpr Phrase not_asked_for("If you did not ask for this, do nothing.",
                                      "Heb je hier niet om gevraagd? Doe dan niets.");

// The mail that asks whether a subscription is wanted.

inline constexpr Phrase<1> confirm_subject("Please confirm: {}", "Bevestig even: {}");
inline constexpr Phrase<2> confirm_question("Would you like to receive {} from {}?",
                                            "Wil je {} ontvangen van {}?");
inline constexpr Phrase yes_please("Yes, please", "Ja, graag");

}  // namespace piggy::contact_words
