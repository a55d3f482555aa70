// The fourteen tools, each by its words and by what stands beside them.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "chat/interpretation.h"
#include "chat/vocabulary.h"
#include "chat/words.h"
#include "contact/attribute.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

using Vocabulary = std::initializer_list<std::string_view>;

constexpr Vocabulary points = {"points", "point", "credits", "credit", "pts", "loyalty"};
constexpr Vocabulary vouchers = {"voucher", "vouchers", "coupon",      "coupons",
                                 "code",    "codes",    "vouchercode", "vouchercodes"};
constexpr Vocabulary show = {"show",   "list", "what",    "which", "give",     "see",
                             "tell",   "get",  "display", "any",   "all",      "our",
                             "have",   "are",  "fetch",   "view",  "overview", "whats",
                             "what's", "need", "please",  "pls",   "want"};
constexpr Vocabulary make = {"make",  "create",   "generate", "issue",   "add",     "new",
                             "need",  "want",     "print",    "prepare", "produce", "mint",
                             "set",   "define",   "batch",    "give",    "get",     "another",
                             "order", "register", "build"};

// "Does she have enough credits for a reward of 500?"
bool asks_for_enough(const Reader& reader) {
  return reader.any({"enough", "sufficient"}) && reader.any({"does", "has", "have"});
}

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

Result<std::optional<Meaning>> Interpreter::booking() {
  bool named =
      reader_.any({"booking", "bookings", "reservation", "reservations", "table", "party"});
  // What has a status, or guests, is no contact.
  bool meant = reader_.peek(WordKind::uuid) &&
               reader_.any({"cancel", "status", "people", "persons", "guests", "pax"});
  if (!named && !meant) return std::nullopt;
  auto uuid = reader_.take(WordKind::uuid);
  Meaning out{.kind = Meaning::Kind::call, .tool = "update_bookings"};
  if (uuid) out.input.set("uuid", uuid->lower);
  take_booking_changes(out.input);
  bool changes = out.input.members()->size() > (uuid ? 1 : 0);
  bool change_words = reader_.any({"update", "change", "set", "move", "reschedule", "cancel",
                                   "mark", "edit", "make", "put", "shift", "switch", "check",
                                   "confirm", "modify", "adjust", "postpone"});
  if (reader_.any({"credits", "points", "shop", "store"})) return std::nullopt;
  if (!uuid && !changes && !change_words) return std::nullopt;
  if (!uuid) {
    return ask("update_bookings", out.input, "uuid", "Which booking? Tell me its uuid.");
  }
  if (reader_.peek(WordKind::date)) {
    return ask(out.tool, out.input, "starts_at", "When should it start, and when end?");
  }
  if (!changes) {
    if (!change_words) return std::nullopt;
    return ask("update_bookings", out.input, "number_of_people",
               "What should change: party size, status, company or times?");
  }
  return out;
}

void Interpreter::take_booking_changes(Value& input) {
  if (auto at = reader_.date_after({"checked", "check-in", "arrived", "in"});
      at && (reader_.says("checked in") || reader_.any({"check-in", "arrived", "checked-in"}))) {
    input.set("checked_in_at", *at);
  }
  if (reader_.any({"from"})) {  // "from … to …": the second one is the end.
    if (auto starts = reader_.date_after({"from"})) {
      input.set("starts_at", *starts);
      if (auto until = reader_.date_after({"to"})) input.set("ends_at", *until);
    }
  }
  if (auto ends = reader_.date_after({"end", "ends", "until", "till", "ending", "ends_at"})) {
    input.set("ends_at", *ends);
  }
  if (reader_.any({"end", "ends", "ending"}) && !reader_.any({"start", "starts", "begin"})) {
    if (auto only = reader_.take(WordKind::date)) input.set("ends_at", only->date);
  }
  if (auto starts = reader_.date_after({"start", "starts", "begin", "begins", "from", "starting",
                                        "to", "for", "on", "starts_at", "at"})) {
    input.set("starts_at", *starts);
  }
  if (reader_.any({"prepaid", "prepayment", "deposit"})) {
    if (auto paid = reader_.take(WordKind::number)) {
      input.set("prepaid_amount", static_cast<std::int64_t>(std::llround(paid->number * 100)));
    }
  }
  auto people = reader_.number_near({"people", "persons", "guests", "party", "person", "pax",
                                     "size", "heads", "seats", "covers"});
  if (!people && (reader_.any({"people", "persons", "guests", "party", "pax"}))) {
    people = reader_.take(WordKind::number);
  }
  if (people) input.set("number_of_people", static_cast<std::int64_t>(people->number));
  if (reader_.any({"company", "firm", "organisation", "organization"})) {
    auto quoted = reader_.take(WordKind::quoted);
    auto company = quoted ? std::optional(quoted->said)
                          : reader_.text_after({"company", "firm", "organisation", "organization"});
    if (company) input.set("company_name", *company);
  }
  if (reader_.any({"status", "state"})) {
    auto quoted = reader_.take(WordKind::quoted);
    auto status = quoted ? std::optional(quoted->said) : reader_.text_after({"status", "state"});
    if (!status) status = reader_.text_after({"to", "as"});
    if (status) input.set("status", *status);
  } else if (reader_.any({"cancel", "cancelled", "canceled"})) {
    input.set("status", "canceled");
  } else if (reader_.any({"confirm", "confirmed"})) {
    input.set("status", "confirmed");
  } else if (reader_.any({"completed", "complete", "done", "finished"})) {
    input.set("status", "completed");
  } else if (reader_.says("in progress")) {
    input.set("status", "in progress");
  } else if (reader_.says("no-show") || reader_.says("no show")) {
    input.set("status", "no-show");
  }
  if (auto source = reader_.text_after({"source"})) input.set("source", *source);
  if (auto id = reader_.text_after({"external id", "external_id"})) input.set("external_id", *id);
}

Result<std::optional<Meaning>> Interpreter::identifier() {
  bool named = reader_.any({"identifier", "identifiers", "card", "cards", "id-card"});
  auto code = reader_.peek(WordKind::code);
  bool off = reader_.any({"deactivate", "disable", "block", "inactive", "freeze", "blocking",
                          "deactivated", "disabled", "blocked", "deactivating"}) ||
             reader_.says("switch off") || reader_.says("turn off") || reader_.any({"off"});
  bool switched = reader_.any({"switch", "turn"});
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
  Meaning out{.kind = Meaning::Kind::call, .tool = "update_contact_identifiers"};
  if (code) out.input.set("contact_identifier_value", reader_.take(WordKind::code)->said);
  std::optional<std::string> name;
  if (rename) {
    auto quoted = reader_.take(WordKind::quoted);
    name = quoted ? std::optional(quoted->said)
                  : reader_.text_after({"to", "as", "into", "name", "call", "it"});
  }
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

Result<std::optional<Meaning>> Interpreter::attribute() {
  if (!reader_.any({"attribute", "attributes", "field", "property"})) return std::nullopt;
  std::string type = attribute_type({});
  if (!reader_.any(make) && type.empty()) return std::nullopt;
  if (reader_.any({"form", "forms", "list", "show"})) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "create_contact_attribute"};
  Value options = Value::list();
  std::vector<std::string> choices = reader_.list_before({"as options", "as choices"});
  if (choices.empty()) choices = reader_.list_after({"options", "choices"});
  for (const std::string& option : choices) {
    options.push(Value::object({{"label", option}, {"value", option}}));
  }
  auto label = reader_.text_after({"label", "labelled", "labeled"}, {"type", "with", "and"});
  auto about = reader_.text_after({"description", "described as"}, {"type", "with"});
  auto name =
      reader_.word_after({"called", "named", "call", "attribute", "field", "property", "name"});
  if (!name) name = reader_.underscored();
  if (name) type = attribute_type(*name);
  if (name) out.input.set("name", *name);
  if (!type.empty()) out.input.set("data_type", type);
  if (label) out.input.set("label", *label);
  if (about) out.input.set("description", *about);
  if (!options.items()->empty()) out.input.set("options", options);
  if (reader_.any({"unique"})) out.input.set("has_unique_value", true);
  if (!name) return ask(out.tool, out.input, "name", "What should the attribute be called?");
  if (type.empty()) {
    return ask(out.tool, out.input, "data_type", "Of which type: text, number, date, boolean, …?");
  }
  if (type.ends_with("select") && options.items()->empty()) {
    return ask(out.tool, out.input, "options", "Between which options?");
  }
  return out;
}

std::string Interpreter::attribute_type(std::string_view name) const {
  struct Word {
    std::string_view said, type;
  };
  for (const Word& word :
       {Word{"date of birth", "birth_date"}, Word{"birthday", "birth_date"},
        Word{"birthdate", "birth_date"}, Word{"multi-select", "multi_select"},
        Word{"multiselect", "multi_select"}, Word{"datetime", "date_time"},
        Word{"dropdown", "select"}, Word{"decimal", "float"}, Word{"colour", "color"},
        Word{"numeric", "number"}, Word{"integer", "number"}, Word{"yes/no", "boolean"}}) {
    if (reader_.says_beside(word.said, name)) return std::string(word.type);
  }
  std::string found;
  for (std::string_view type : shape_of<AttributeType>().choices) {
    std::string spaced(type);
    std::ranges::replace(spaced, '_', ' ');
    bool said = reader_.says_beside(type, name) || reader_.says_beside(spaced, name);
    if (said && type.size() > found.size()) found = type;  // "long text" is not a "text".
  }
  return found;
}

Result<std::optional<Meaning>> Interpreter::product() {
  bool stated = reader_.says("find or create") || reader_.says("find or make") ||
                reader_.says("find or add") || reader_.says("create or find");
  if (!stated && !reader_.any({"product", "products", "sku", "article", "item"})) {
    return std::nullopt;
  }
  if (!reader_.any({"find",    "create", "add",    "make",   "register", "look", "lookup",
                    "get",     "sure",   "ensure", "exists", "exist",    "new",  "need",
                    "set",     "search", "check",  "show",   "is",       "have", "added",
                    "created", "put",    "want",   "next"}) ||
      reader_.any({"delete", "remove", "price", "archive"})) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "find_or_create_products"};
  auto code = reader_.take(WordKind::code);
  std::optional<std::string> id;
  if (code) id = code->said;
  if (!id)
    id = reader_.text_after({"identifier", "id", "sku", "number"}, {"called", "named", "name"});
  if (!id) {
    if (auto number = reader_.number_near({"identifier", "id", "sku", "number"})) id = number->said;
  }
  auto about = reader_.text_after({"description"}, {"name", "category"});
  auto category = reader_.word_after({"category"});
  auto name = reader_.text_after({"called", "named", "name", "call"},
                                 {"with", "sku", "id", "as", "under", "in", "category", "and"});
  if (!name) {
    if (auto quoted = reader_.take(WordKind::quoted)) name = quoted->said;
  }
  if (id) out.input.set("external_identifier", *id);
  if (name) out.input.set("name", *name);
  if (about) out.input.set("description", *about);
  if (category) {
    out.input.set("categories",
                  Value(Value::List{Value::object({{"external_identifier", *category}})}));
  }
  if (!id) {
    return ask(out.tool, out.input, "external_identifier",
               "By which identifier (SKU) does your store know it?");
  }
  return out;
}

Result<std::optional<Meaning>> Interpreter::forms() {
  if (!reader_.any({"form", "forms"})) return std::nullopt;
  if (!reader_.any(show) && reader_.size() > 3) return std::nullopt;
  if (reader_.any({"create", "make", "build", "fill", "submit", "delete", "add"})) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "list_forms"};
  struct Choice {
    std::string_view word, field, value;
  };
  for (const Choice& choice :
       {Choice{"published", "status", "PUBLISHED"}, Choice{"live", "status", "PUBLISHED"},
        Choice{"draft", "status", "DRAFT"}, Choice{"drafts", "status", "DRAFT"},
        Choice{"unpublished", "status", "DRAFT"}, Choice{"active", "status", "ACTIVE"},
        Choice{"inactive", "status", "INACTIVE"}, Choice{"bin", "status", "BIN"},
        Choice{"binned", "status", "BIN"}, Choice{"deleted", "status", "BIN"},
        Choice{"trash", "status", "BIN"}, Choice{"public", "type", "PUBLIC"},
        Choice{"private", "type", "PRIVATE"}}) {
    if (reader_.any({choice.word})) out.input.set(choice.field, choice.value);
  }
  return out;
}

Result<std::optional<Meaning>> Interpreter::perks() {
  if (!reader_.any({"perk", "perks", "benefit", "benefits"})) return std::nullopt;
  if (!reader_.any(show) && reader_.size() > 3) return std::nullopt;
  if (reader_.any({"mean", "means", "word", "meaning"})) return std::nullopt;
  if (reader_.any({"create", "make", "add", "delete", "remove", "update", "change"})) {
    return std::nullopt;
  }
  return Meaning{.kind = Meaning::Kind::call, .tool = "list_perks"};
}

Result<std::optional<Meaning>> Interpreter::batch() {
  if (!reader_.any(vouchers)) return std::nullopt;
  if (!reader_.any(make) && !reader_.peek(WordKind::number)) return std::nullopt;
  if (reader_.any({"find", "look", "lookup", "check", "status", "search", "how"})) {
    return std::nullopt;
  }
  auto quantity = reader_.number_near(vouchers);
  if (!quantity) quantity = reader_.take(WordKind::number);
  auto code = reader_.peek(WordKind::code);
  bool batch = reader_.any({"batch", "vouchers", "codes", "coupons"});
  if (!quantity && (code || !batch)) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "create_vouchers_batch"};
  if (quantity) out.input.set("quantity", static_cast<std::int64_t>(quantity->number));
  if (auto until = reader_.date_after({"until", "till", "expire", "expires", "expiring", "through",
                                       "end", "to", "by", "before", "valid", "expiry"})) {
    out.input.set("expiration_date", *until);
  }
  if (auto from = reader_.date_after({"from", "starting", "activate", "active", "since"})) {
    out.input.set("activation_date", *from);
  }
  // "01/02/2027" may be either of two days.
  bool unclear = std::ranges::any_of(reader_.words(), [](const Word& word) {
    return word.kind == WordKind::plain && std::ranges::count(word.lower, '/') == 2;
  });
  bool ends = reader_.any({"until", "till", "expire", "expires", "expiring", "expiry", "valid"});
  if (unclear || reader_.peek(WordKind::date) ||
      (ends && !out.input.find("expiration_date") && !out.input.find("activation_date"))) {
    return ask(out.tool, out.input, "expiration_date",
               "Until which day? Write it like 2026-12-31, please.");
  }
  std::vector<Named> fitting = reader_.best(TRY(names_.promotions()));
  if (!take_named(out, "promotion_uuid", std::move(fitting), "For which promotion?")) return out;
  if (!TRY(mentions()).empty()) {
    if (!TRY(take_contact(out, "contact_uuid", "For which contact?"))) return out;
  }
  if (!quantity) return ask(out.tool, out.input, "quantity", "How many vouchers?");
  return out;
}

Result<std::optional<Meaning>> Interpreter::voucher() {
  bool said = reader_.any(vouchers);
  auto code = reader_.take(WordKind::code);
  if (code && code->said.starts_with("CARD") && !said) return std::nullopt;
  bool look = reader_.any({"find",   "look",    "lookup",  "check", "search", "valid",
                           "status", "is",      "show",    "get",   "what",   "still",
                           "which",  "who",     "whose",   "fetch", "pull",   "redeemed",
                           "used",   "expired", "details", "about", "info",   "verify"});
  if (!code && said && look) {
    if (auto quoted = reader_.take(WordKind::quoted)) code = quoted;
  }
  if (code && (said || (look && !reader_.any(points) && !reader_.any({"card", "contact"})))) {
    if (reader_.any({"product", "products", "sku"})) return std::nullopt;
    if (reader_.any({"redeem", "delete", "deactivate", "lock", "cancel"})) {
      return std::nullopt;
    }
    Meaning out{.kind = Meaning::Kind::call, .tool = "find_voucher_by_code"};
    out.input.set("code", code->said);
    return out;
  }
  if (said && look && !reader_.any({"how", "many", "promotions"})) {
    return ask("find_voucher_by_code", Value::object(), "code", "Which code?");
  }
  return std::nullopt;
}

Result<std::optional<Meaning>> Interpreter::reception() {
  bool give = reader_.any({"give",     "add",        "award",   "grant",  "credit", "reward",
                           "send",     "put",        "book",    "hand",   "top",    "issue",
                           "bonus",    "gift",       "deposit", "assign", "load",   "allocate",
                           "increase", "compensate", "refund",  "adding", "given",  "receive"});
  bool take = reader_.any({"take", "remove", "deduct", "subtract", "withdraw", "debit", "reduce",
                           "revoke", "minus", "taking", "removing", "deducting", "subtracting",
                           "withdrawing", "debiting", "revoking"});
  bool spend = reader_.any({"spent", "spends", "spend", "bought", "purchase", "purchased", "paid",
                            "pays", "euro", "euros", "eur"}) ||
               reader_.contains("€");
  bool amount_named = reader_.any(points);
  auto number = reader_.peek(WordKind::number);
  give = give || (number && (number->said.starts_with('+') || amount_named));
  if (reader_.any({"how", "balance"}) && !number) return std::nullopt;
  if (asks_for_enough(reader_)) return std::nullopt;
  if (reader_.any({"booking", "prepaid", "voucher", "vouchers", "product"})) return std::nullopt;
  if (reader_.any({"message", "note", "letter", "reminder", "call", "sms"})) return std::nullopt;
  if (!(give || take || spend)) return std::nullopt;
  if (!amount_named && !spend && !number) return std::nullopt;
  if (!amount_named && !spend && !reader_.peek(WordKind::email)) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "create_credit_reception"};
  auto credits = reader_.number_near(points);
  bool by_value = spend && !(credits && amount_named && (give || take) &&
                             !reader_.any({"spent", "bought", "paid"}));
  if (by_value) {
    auto value = credits ? credits : reader_.take(WordKind::number);
    if (value) out.input.set("unit_value", value->number);
  } else {
    if (!credits) credits = reader_.take(WordKind::number);
    if (credits && credits->number == std::floor(credits->number)) {
      auto whole = static_cast<std::int64_t>(credits->number);
      out.input.set("credits", take && whole > 0 ? -whole : whole);
    }
  }
  bool amount = out.input.find("credits") || out.input.find("unit_value");
  auto shops = TRY(names_.shops());
  std::vector<Named> shop = reader_.best(shops);
  // A card is handed over as it is.
  auto card = reader_.peek(WordKind::email) ? std::nullopt : reader_.take(WordKind::code);
  if (card) {
    out.input.set("contact_identifier_value", card->said);
  } else if (!TRY(take_contact(out, "contact_uuid", "Which contact?"))) {
    return out;
  }
  // The answer to a question would be a number alone, and points given.
  if (!amount && take) return nothing("How many points shall be taken? Say it in one go, please.");
  if (!amount) return ask(out.tool, out.input, "credits", "How many points?");
  if (shop.empty() && shops.size() == 1) shop = shops;
  (void)take_named(out, "shop_uuid", std::move(shop), "In which shop?");
  return out;
}

Result<std::optional<Meaning>> Interpreter::balance() {
  bool named = reader_.any(points) || reader_.any({"balance", "balances", "saldo"});
  const Word* number = reader_.peek(WordKind::number);
  bool enough = asks_for_enough(reader_);
  if (!named || (number && !number->is("one") && !enough)) return std::nullopt;
  if (!reader_.any({"how",   "what", "show",   "check", "balance", "get",     "tell",
                    "many",  "much", "has",    "have",  "look",    "points?", "what's",
                    "whats", "see",  "lookup", "fetch", "does",    "points",  "credits"})) {
    return std::nullopt;
  }
  if (reader_.any({"give", "add", "award", "grant", "take", "remove", "deduct", "transfer", "move",
                   "register", "book", "log", "process"}) &&
      !reader_.says("give me")) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "get_contact_credit_balance"};
  (void)TRY(take_contact(out, "contact_uuid", "Whose balance?"));
  return out;
}

}  // namespace piggy
