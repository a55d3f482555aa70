#pragma once

// What our pages say to a shop's customers, beside the shop's own texts, and to its people when
// they sign in. See base/language.h.

#include "base/language.h"
#include "campaign/words.h"
#include "oauth/words.h"

namespace piggy::door_words {

// Hosted forms.

inline constexpr Phrase no_form("There is no such page", "Deze pagina bestaat niet");
inline constexpr Phrase no_form_here(
    "The form is not open, or there never was one at this address.",
    "Het formulier is niet open, of er was er nooit een op dit adres.");
inline constexpr Phrase does_not_work("This does not work", "Dit lukt niet");
inline constexpr Phrase too_many("Too many at once. Please try again in a moment.",
                                 "Te veel tegelijk. Probeer het zo nog eens.");
inline constexpr Phrase cannot_be_read(
    "What was sent cannot be read. Please open the form once more.",
    "Wat er is verstuurd, kan niet worden gelezen. Open het formulier nog een keer.");
inline constexpr Phrase not_sent_yet("Nothing was sent yet. Please look at it once more.",
                                     "Er is nog niets verstuurd. Kijk het nog een keer na.");
inline constexpr Phrase look_at_your_mail(
    "Please look at your e-mail: what you agreed to begins once you have followed the link there.",
    "Kijk in je e-mail: waar je mee akkoord ging, begint zodra je daar op de link hebt geklikt.");

// The page on which a consent is confirmed.

inline constexpr Phrase please_confirm("Please confirm", "Bevestig even");
inline constexpr Phrase did_you_agree("Did you agree to this?", "Ging je hiermee akkoord?");
inline constexpr Phrase i_agree("Yes, I agree", "Ja, ik ga akkoord");
inline constexpr Phrase thank_you("Thank you", "Bedankt");
inline constexpr Phrase confirmed("You confirmed it. You can close this page.",
                                  "Je hebt het bevestigd. Je kunt deze pagina sluiten.");

// What links in mails lead to.

using oauth_words::broken_link;
using oauth_words::try_again;
inline constexpr Phrase whole_link("Please open it as it stands in the e-mail, whole.",
                                   "Open hem zoals hij in de e-mail staat, helemaal.");
inline constexpr Phrase incomplete_link(
    "It is incomplete, or it is not one of ours. Please use the link as it stands in the mail.",
    "Hij is niet compleet, of niet van ons. Gebruik de link zoals hij in de mail staat.");
inline constexpr Phrase try_later("This cannot be done right now. Please try again in a minute.",
                                  "Dit kan nu even niet. Probeer het over een minuut nog eens.");

// The page that unsubscribes.

using campaign_words::unsubscribe;
inline constexpr Phrase unsubscribe_question("Unsubscribe?", "Afmelden?");
// Of which mails, and from whom.
inline constexpr Phrase<2> no_more_of("You will get no more {} from {}.",
                                      "Je krijgt geen {} meer van {}.");
inline constexpr Phrase unsubscribed("You are unsubscribed", "Je bent afgemeld");
inline constexpr Phrase<1> no_more_mails("You will get no more of these mails from {}.",
                                         "Je krijgt deze mails van {} niet meer.");

// The page on which the shop's people sign in.

inline constexpr Phrase sign_in_title("Sign in to Piggy", "Aanmelden bij Piggy");
inline constexpr Phrase address("E-mail address", "E-mailadres");
inline constexpr Phrase password("Password", "Wachtwoord");
inline constexpr Phrase sign_in("Sign in", "Aanmelden");
inline constexpr Phrase sign_in_here("Please sign in on this page.", "Meld je aan op deze pagina.");
inline constexpr Phrase wrong_password("The e-mail address or the password is wrong.",
                                       "Het e-mailadres of het wachtwoord klopt niet.");
inline constexpr Phrase too_many_passwords(
    "Too many wrong passwords. Try again later.",
    "Te vaak een verkeerd wachtwoord. Probeer het later nog eens.");

}  // namespace piggy::door_words
