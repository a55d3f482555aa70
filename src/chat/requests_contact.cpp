// Requests about people and their cards, each by its words and by what stands beside them.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chat/interpretation.h"
#include "chat/vocabulary.h"
#include "chat/words.h"
#include "shape/read.h"

namespace piggy {
namespace {

// Where a name stands for an address.
std::vector<Named> addresses_of(const std::vector<Named>& contacts) {
  std::vector<Named> addresses;
  for (const Named& one : contacts) {
    if (is_email(one.name)) {
      addresses.push_back({.value = one.name, .label = one.label, .name = one.name});
    }
  }
  return addresses;
}

}  // namespace

Result<std::optional<Meaning>> Interpreter::verification() {
  bool mail = reader_.any({"mail", "email", "e-mail", "message", "link", "code"});
  bool send = reader_.any({"send", "resend", "mail", "email", "e-mail", "sent"});
  bool verify = reader_.any(
      {"verification", "verify", "verifying", "confirmation", "validation", "confirm", "validate"});
  bool code = reader_.any({"code"}) &&
              !reader_.any({"voucher", "vouchers", "coupon", "promotion"}) &&
              (reader_.any({"login", "log-in", "sign-in", "six-digit", "6-digit"}) ||
               reader_.says("sign in") || reader_.says("log in"));
  if (!(verify && (mail || send)) && !(code && send)) return std::nullopt;
  if (reader_.any({"booking", "reservation"})) return std::nullopt;
  if (reader_.says("send me") || reader_.says("send us")) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "send_contact_verification_email"};
  if (auto email = reader_.take(WordKind::email)) {
    out.input.set("email", email->lower);
    return out;
  }
  auto all = TRY(mentions());
  std::vector<Named> addresses = all.empty() ? std::vector<Named>() : addresses_of(all[0].who);
  (void)take_named(out, "email", std::move(addresses), "To which e-mail address?");
  return out;
}

Result<std::optional<Meaning>> Interpreter::auth_token() {
  bool token = reader_.any({"token", "tokens"});
  bool sign_in = reader_.any({"auth", "authentication", "login", "log-in", "sign-in", "signin",
                              "authorization", "portal", "authenticate"}) ||
                 reader_.says("sign in") || reader_.says("log in");
  if (!(token && (sign_in || reader_.any({"contact", "for", "access"}))) &&
      !(sign_in && reader_.any({"link", "string", "key"}))) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "get_contact_auth_token"};
  (void)TRY(take_contact(out, "contact_uuid", "For which contact?"));
  return out;
}

Result<std::optional<Meaning>> Interpreter::identifier() {
  bool named = reader_.any({"identifier", "identifiers", "card", "cards", "id-card"});
  auto code = reader_.peek(WordKind::code);
  bool off = reader_.any({"deactivate", "disable", "block", "inactive", "freeze", "blocking",
                          "deactivated", "disabled", "blocked", "deactivating"}) ||
             reader_.says("switch off") || reader_.says("turn off") || reader_.any({"off"});
  bool switched = reader_.any({"switch", "turn", "switched", "turned"});
  bool on = reader_.any({"activate", "enable", "reactivate", "unblock", "active", "enabled",
                         "activated", "reactivated", "unblocked", "activating"}) ||
            reader_.says("switch on") || reader_.says("turn on") || reader_.says("back on") ||
            (switched && reader_.any({"on"}));
  bool rename =
      reader_.any({"rename", "name", "call", "label", "relabel", "renamed", "called", "named"});
  bool change = off || on || rename || reader_.any({"update", "change", "edit"});
  if (!change || !(named || (code && code->said.starts_with("CARD")))) return std::nullopt;
  if (reader_.any({"anonymous", "voucher", "vouchers", "claim", "attribute", "points", "credits",
                   "product", "merge"})) {
    return std::nullopt;
  }
  if (reader_.any({"block", "deactivate", "disable", "freeze"}) &&
      reader_.any({"unblock", "activate", "reactivate", "enable", "unfreeze"})) {
    return nothing("Shall it be switched off or on?");
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "update_contact_identifiers"};
  if (code) out.input.set("contact_identifier_value", reader_.take(WordKind::code)->said);
  std::optional<std::string> name;
  if (rename) {
    auto quoted = reader_.take(WordKind::quoted);
    name = quoted ? std::optional(quoted->said)
                  : reader_.text_after({"to", "as", "into", "name", "call", "it"});
  }
  // "Call her" is no name.
  constexpr std::array nobody = {"her", "him", "them", "me", "us"};
  if (name && std::ranges::find(nobody, *name) != nobody.end()) return std::nullopt;
  if (name) out.input.set("contact_identifier_name", *name);
  if (off || on) out.input.set("contact_identifier_active", !off);
  if (!out.input.find("contact_identifier_value")) {
    return ask(out.tool, out.input, "contact_identifier_value", "Which card or identifier?");
  }
  if (!name && !off && !on) {
    return ask(out.tool, out.input, "contact_identifier_name", "What should it be called?");
  }
  return out;
}

Result<std::optional<Meaning>> Interpreter::claim() {
  bool anonymous = reader_.any({"anonymous", "unknown", "unclaimed"}) || reader_.says("anon");
  bool claiming = reader_.any({"claim", "claiming", "claimed"});
  bool link = reader_.any({"assign", "link", "attach", "belongs", "turn", "convert", "register",
                           "connect", "upgrade", "tie", "give", "set", "change", "make"});
  if (!claiming && !(anonymous && link)) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "claim_anonymous_contact"};
  auto email = reader_.take(WordKind::email);
  if (email) out.input.set("email", email->lower);
  // The card is the anonymous contact's; a name stands for somebody's address.
  auto all = TRY(mentions());
  auto is_card = [&](const Mention& mention) {
    WordKind kind = reader_.words()[mention.at].kind;
    return kind == WordKind::code || kind == WordKind::uuid;
  };
  auto card = std::ranges::find_if(all, is_card);
  auto name = std::ranges::find_if_not(all, is_card);
  std::vector<Named> addresses = !email && card != all.end() && name != all.end()
                                     ? addresses_of(name->who)
                                     : std::vector<Named>();
  if (!addresses.empty()) {
    for (std::size_t i = 0; i < name->words; i++) reader_.use_at(name->at + i);
  }
  if (!TRY(take_contact(out, "anonymous_contact_uuid",
                        "Which anonymous contact? Tell me its card or uuid."))) {
    return out;
  }
  if (email) return out;
  (void)take_named(out, "email", std::move(addresses), "Which e-mail address is it claimed with?");
  return out;
}

Result<std::optional<Meaning>> Interpreter::merge() {
  if (!reader_.any({"merge", "combine", "join", "unify", "consolidate", "fold", "dedupe",
                    "duplicate", "duplicates", "merging", "merged", "folded", "combined", "joined",
                    "consolidated", "unified"})) {
    return std::nullopt;
  }
  auto all = TRY(mentions());
  std::vector<std::string> different;
  for (const Mention& one : all) {
    // An address that nobody has is somebody of its own.
    const std::string& who = one.who.empty() ? reader_.words()[one.at].lower : one.who[0].value;
    if (std::ranges::find(different, who) == different.end()) different.push_back(who);
  }
  if (different.size() > 2) return nothing("I merge two contacts at a time. Which two?");
  // Who stays: whom "into" points at, or who is to be kept.
  bool from = reader_.any({"from"});
  std::optional<std::size_t> stays;
  for (std::size_t i = 0; i < all.size(); i++) {
    for (std::size_t back = 1; back <= 5 && back <= all[i].at; back++) {
      const Word& word = reader_.words()[all[i].at - back];
      if (i > 0 && all[i].at - back == all[i - 1].at) break;
      bool points_here = word.is("into") || word.is("keep") || word.is("keeping") ||
                         word.is("stays") || word.is("survives") || word.is("onto") ||
                         word.is("destination") || (from && word.is("to"));
      if (points_here && !stays) stays = i;
    }
    bool arrow = i > 0 && reader_.words()[all[i].at - 1].pause == '>' &&
                 all[i - 1].at + all[i - 1].words == all[i].at;
    if (arrow) stays = i;
    // "… and ann@example.com stays": the word comes behind.
    for (std::size_t ahead = 1; ahead <= 8 && all[i].at + ahead < reader_.size(); ahead++) {
      std::size_t at = all[i].at + ahead;
      if (reader_.words()[at - 1].pause || (i + 1 < all.size() && at == all[i + 1].at)) break;
      if (reader_.words()[at].is("not")) break;
      bool keeps = is_one_of(reader_.words()[at], "stays remains remain survives survive stay") ||
                   reader_.says_at(at, "to keep") || reader_.says_at(at, "be kept");
      if (keeps) stays = i;
    }
  }
  // Somebody may be named twice: "merge A and B, keep B".
  auto same = [&](std::size_t i, std::size_t j) {
    return all[i].who.size() == 1 && all[j].who.size() == 1 &&
           all[i].who[0].value == all[j].who[0].value;
  };
  std::optional<std::size_t> goes;
  for (std::size_t i = 0; i < all.size() && !goes; i++) {
    if (!stays || (i != *stays && !same(i, *stays))) goes = i;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "merge_contacts"};
  if (!goes) {
    if (stays && all[*stays].who.size() == 1) {
      out.input.set("destination_contact_uuid", all[*stays].who[0].value);
    }
    (void)take_named(out, "source_contact_uuid", {}, "Which contact should cease to exist?");
    return out;
  }
  if (!stays) {  // To guess would destroy the wrong one.
    if (all.size() == 1) {
      if (!take_named(out, "source_contact_uuid", all[0].who, "Which contact should go?"))
        return out;
    }
    (void)take_named(out, "destination_contact_uuid", {}, "Which of them stays?");
    return out;
  }
  if (!take_named(out, "source_contact_uuid", all[*goes].who,
                  "Which contact should cease to exist?")) {
    return out;
  }
  (void)take_named(out, "destination_contact_uuid", all[*stays].who, "Into which contact?");
  return out;
}

}  // namespace piggy
