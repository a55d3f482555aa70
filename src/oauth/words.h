#pragma once

// What our pages say to people who are asked whether a program may act for them. See
// base/language.h. What the programs themselves are told is English.

#include "base/language.h"

namespace piggy::oauth_words {

// The page that asks.

inline constexpr Phrase<1> title("Allow {}?", "{} toelaten?");
inline constexpr Phrase nameless("a client without a name", "een programma zonder naam");
inline constexpr Phrase<2> question("Let {} use {}?", "Mag {} gebruikmaken van {}?");
inline constexpr Phrase<1> signed_in_as("You are signed in as {}.", "Je bent aangemeld als {}.");
inline constexpr Phrase<1> vouched("{} vouches for it.", "{} staat ervoor in.");
inline constexpr Phrase unchecked("It gave this name itself; nobody has checked it.",
                                  "Deze naam geeft het zichzelf; niemand heeft dat nagekeken.");
inline constexpr Phrase<1> sent_next("Whatever you decide, you are sent to {} next.",
                                     "Wat je ook besluit, hierna ga je naar {}.");
inline constexpr Phrase on_your_computer(
    "This is a program on your own computer, and any program there can take this name. Allow it "
    "only if you have just started it yourself.",
    "Dit is een programma op je eigen computer, en elk programma daar kan deze naam "
    "gebruiken. Laat het alleen toe als je het net zelf hebt gestart.");
inline constexpr Phrase acts_as("It acts as", "Het handelt als");
inline constexpr Phrase rights("Within these rights", "Met deze rechten");
inline constexpr Phrase take_back("You can take this back at any time.",
                                  "Je kunt dit altijd weer intrekken.");
inline constexpr Phrase deny("Deny", "Weigeren");
inline constexpr Phrase allow("Allow", "Toelaten");

// What is told to the person alone.

inline constexpr Phrase broken_link("This link does not work", "Deze link werkt niet");
inline constexpr Phrase foreign_address(
    "The address to send you back to is not one of this program's. Nothing was allowed.",
    "Het adres waar je naartoe terug zou gaan, is niet van dit programma. Er is niets toegelaten.");
inline constexpr Phrase unknown_program("We cannot tell which program this is",
                                        "We weten niet welk programma dit is");
inline constexpr Phrase start_again("Please start again", "Begin opnieuw");
inline constexpr Phrase signed_out(
    "You have been signed out, or this page is too old. Nothing was allowed. Go back to the "
    "program and connect once more.",
    "Je bent afgemeld, of deze pagina is te oud. Er is niets toegelaten. Ga terug naar het "
    "programma en verbind nog een keer.");
inline constexpr Phrase try_again("Please try again", "Probeer het nog eens");
inline constexpr Phrase nothing_to_lend("There is nothing to lend yet",
                                        "Er is nog niets uit te lenen");
inline constexpr Phrase<1> make_one(
    "You have no {} yet that this program could act as. Make one, then connect again.",
    "Je hebt nog geen {} waarmee dit programma kan handelen. Maak er een en verbind dan opnieuw.");
inline constexpr Phrase not_yours("What you have chosen is not yours to lend.",
                                  "Wat je hebt gekozen, is niet van jou om uit te lenen.");

}  // namespace piggy::oauth_words
