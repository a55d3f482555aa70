#include "chat/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "chat/reader.h"
#include "chat/words.h"
#include "shape/json.h"

namespace piggy {
namespace {

using Vocabulary = std::initializer_list<std::string_view>;

constexpr Vocabulary points = {"points", "point", "credits", "credit", "pts", "loyalty"};
constexpr Vocabulary vouchers = {"voucher", "vouchers", "coupon",      "coupons",
                                 "code",    "codes",    "vouchercode", "vouchercodes"};
constexpr Vocabulary show = {"show",  "list",    "what",     "which", "give",  "see",  "tell",
                             "get",   "display", "any",      "all",   "our",   "have", "are",
                             "fetch", "view",    "overview", "whats", "what's"};
constexpr Vocabulary make = {"make",  "create",   "generate", "issue",   "add",     "new",
                             "need",  "want",     "print",    "prepare", "produce", "mint",
                             "set",   "define",   "batch",    "give",    "get",     "another",
                             "order", "register", "build"};

// What must not be done: it is denied, supposed, asked about, or told of the past.
std::string why_not(const Reader& reader) {
  for (std::string_view denied :
       {"don't",     "dont",       "don’t",       "not",      "never",        "won't",
        "shouldn't", "mustn't",    "can't",       "cannot",   "nobody",       "without giving",
        "stop",      "no need",    "refrain",     "avoid",    "forget about", "undo",
        "revert",    "instead of", "rather than", "no longer"}) {
    if (reader.says(denied)) return "That sounds like something I should leave undone, so I did.";
  }
  for (std::string_view supposed : {"what if",       "what would",
                                    "what happens",  "would happen",
                                    "if i",          "if we",
                                    "if you",        "suppose",
                                    "imagine",       "hypothetically",
                                    "in theory",     "should i",
                                    "should we",     "shall i",
                                    "would it",      "is it possible",
                                    "are you able",  "is it ok",
                                    "is it okay",    "is it a good",
                                    "could i",       "can i",
                                    "may i",         "how do",
                                    "how does",      "how can",
                                    "how would",     "how could",
                                    "how to",        "why",
                                    "explain",       "thinking about",
                                    "thinking of",   "wonder",
                                    "might",         "maybe",
                                    "perhaps",       "would you recommend",
                                    "pros and cons", "good idea",
                                    "when should",   "who should",
                                    "before we",     "before i",
                                    "until i",       "once i",
                                    "after i",       "next week",
                                    "tomorrow",      "later"}) {
    if (reader.says(supposed))
      return "I do what is plainly asked for now; this sounds like a question.";
  }
  for (std::string_view past :
       {"did",     "was",       "were",    "gave",      "given",      "has been", "have been",
        "had",     "yesterday", "already", "last week", "last month", "ago",      "made",
        "created", "merged",    "sent",    "received",  "got",        "awarded",  "who gave"}) {
    if (reader.says(past)) return "That is about what has happened; I can only do things now.";
  }
  return {};
}

class Interpreter {
 public:
  Interpreter(std::string_view text, Names& names) : reader_(text), names_(names) {}

  Result<Meaning> read() {
    if (reader_.empty()) return nothing("Say what I can do for you.");
    if (std::string why = why_not(reader_); !why.empty()) return nothing(std::move(why));
    using Understand = Result<std::optional<Meaning>> (Interpreter::*)();
    // From the most particular words to the most general ones.
    constexpr Understand all[] = {
        &Interpreter::verification, &Interpreter::auth_token, &Interpreter::booking,
        &Interpreter::identifier,   &Interpreter::claim,      &Interpreter::merge,
        &Interpreter::attribute,    &Interpreter::product,    &Interpreter::forms,
        &Interpreter::perks,        &Interpreter::batch,      &Interpreter::voucher,
        &Interpreter::reception,    &Interpreter::balance};
    for (Understand understand : all) {
      reader_.forget();
      auto meaning = TRY((this->*understand)());
      if (meaning) return *std::move(meaning);
    }
    return nothing({});
  }

 private:
  static Meaning nothing(std::string why) { return {.say = std::move(why)}; }
  static Meaning ask(std::string tool, Value input, std::string field, std::string question) {
    return {.kind = Meaning::Kind::ask,
            .tool = std::move(tool),
            .input = std::move(input),
            .field = std::move(field),
            .say = std::move(question)};
  }

  // Fills a field from names that fit; false when `out` now asks or offers choices.
  bool take_named(Meaning& out, std::string field, std::vector<Named> found, std::string question) {
    if (found.size() == 1) {
      out.input.set(field, found[0].value);
      return true;
    }
    out.kind = found.empty() ? Meaning::Kind::ask : Meaning::Kind::choose;
    out.field = std::move(field);
    out.choices = std::move(found);
    out.say = out.kind == Meaning::Kind::ask ? std::move(question) : "Which one do you mean?";
    return false;
  }

  // The contacts that the next address, card or name in the text stands for.
  Result<std::optional<std::vector<Named>>> next_contact() {
    auto word = reader_.take(WordKind::email);
    if (!word) word = reader_.take(WordKind::code);
    if (word) return TRY(names_.contacts(word->said));
    if (auto uuid = reader_.take(WordKind::uuid)) {
      return std::vector<Named>{{.value = uuid->lower, .label = uuid->lower}};
    }
    for (const std::string& name : reader_.unknown_names()) {
      auto found = TRY(names_.contacts(name));
      if (found.empty()) continue;
      reader_.use(name);
      return found;
    }
    return std::nullopt;
  }

  Result<bool> take_contact(Meaning& out, std::string field, std::string question) {
    auto found = TRY(next_contact());
    return take_named(out, std::move(field), found.value_or(std::vector<Named>()),
                      std::move(question));
  }

  Result<bool> take_shop(Meaning& out) {
    auto shops = TRY(names_.shops());
    std::vector<Named> fitting = reader_.best(shops);
    if (fitting.empty() && shops.size() == 1) fitting = shops;
    return take_named(out, "shop_uuid", std::move(fitting), "In which shop?");
  }

  Result<std::optional<Meaning>> verification() {
    bool mail = reader_.any({"mail", "email", "e-mail", "message", "link", "code"});
    bool verify = reader_.any({"verification", "verify", "verifying", "confirmation", "validation",
                               "confirm", "validate"});
    if (!verify || !(mail || reader_.any({"send", "resend"}))) return std::nullopt;
    Meaning out{.kind = Meaning::Kind::call, .tool = "send_contact_verification_email"};
    if (auto email = reader_.take(WordKind::email)) {
      out.input.set("email", email->lower);
      return out;
    }
    auto found = TRY(next_contact());
    if (found && found->size() == 1 && is_address((*found)[0].name)) {
      out.input.set("email", (*found)[0].name);
      return out;
    }
    std::vector<Named> addresses = found.value_or(std::vector<Named>());
    for (Named& named : addresses) named.value = named.name;
    (void)take_named(out, "email",
                     addresses.size() > 1 ? std::move(addresses) : std::vector<Named>(),
                     "To which e-mail address?");
    return out;
  }

  Result<std::optional<Meaning>> auth_token() {
    bool token = reader_.any({"token", "tokens"});
    bool sign_in = reader_.any({"auth", "authentication", "login", "log-in", "sign-in", "signin",
                                "authorization", "portal"}) ||
                   reader_.says("sign in") || reader_.says("log in");
    if (!(token && (sign_in || reader_.any({"contact", "for", "access"}))) &&
        !(sign_in && reader_.any({"link", "string", "key"}))) {
      return std::nullopt;
    }
    Meaning out{.kind = Meaning::Kind::call, .tool = "get_contact_auth_token"};
    (void)TRY(take_contact(out, "contact_uuid", "For which contact?"));
    return out;
  }

  Result<std::optional<Meaning>> booking() {
    if (!reader_.any({"booking", "bookings", "reservation", "reservations", "table", "party"})) {
      return std::nullopt;
    }
    auto uuid = reader_.take(WordKind::uuid);
    Meaning out{.kind = Meaning::Kind::call, .tool = "update_bookings"};
    if (uuid) out.input.set("uuid", uuid->lower);
    take_booking_changes(out.input);
    bool changes = out.input.members()->size() > (uuid ? 1 : 0);
    bool change_words = reader_.any({"update", "change", "set", "move", "reschedule", "cancel",
                                     "mark", "edit", "make", "put", "shift", "switch", "check",
                                     "confirm", "modify", "adjust", "postpone"});
    if (!uuid && !changes && !change_words) return std::nullopt;
    if (!uuid) {
      return ask("update_bookings", out.input, "uuid", "Which booking? Tell me its uuid.");
    }
    if (!changes) {
      if (!change_words) return std::nullopt;
      return ask("update_bookings", out.input, "number_of_people",
                 "What should change: party size, status, company or times?");
    }
    return out;
  }

  void take_booking_changes(Value& input) {
    auto people = reader_.number_near({"people", "persons", "guests", "party", "person", "pax",
                                       "size", "heads", "seats", "covers"});
    if (people) input.set("number_of_people", static_cast<std::int64_t>(people->number));
    if (auto company = reader_.text_after({"company", "firm", "organisation", "organization"})) {
      input.set("company_name", *company);
    }
    if (auto status = reader_.text_after({"status", "state"})) {
      input.set("status", *status);
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
    if (auto starts = reader_.date_after({"start", "starts", "begin", "begins", "from", "starting",
                                          "to", "for", "on", "starts_at"})) {
      input.set("starts_at", *starts);
    }
    if (auto ends = reader_.date_after({"end", "ends", "until", "till", "ending", "ends_at"})) {
      input.set("ends_at", *ends);
    }
  }

  Result<std::optional<Meaning>> identifier() {
    bool named = reader_.any({"identifier", "identifiers", "card", "cards", "id-card"});
    auto code = reader_.peek(WordKind::code);
    bool change = reader_.any({"rename", "name", "call", "deactivate", "disable", "block",
                               "activate", "enable", "reactivate", "unblock", "switch", "turn",
                               "label", "inactive", "active", "relabel", "freeze"});
    if (!change || !(named || (code && code->said.starts_with("CARD")))) return std::nullopt;
    if (reader_.any({"anonymous", "voucher", "vouchers", "claim"})) return std::nullopt;
    Meaning out{.kind = Meaning::Kind::call, .tool = "update_contact_identifiers"};
    if (code) {
      reader_.take(WordKind::code);
      out.input.set("contact_identifier_value", code->said);
    }
    bool off = reader_.any({"deactivate", "disable", "block", "inactive", "off", "freeze"});
    bool on = reader_.any({"activate", "enable", "reactivate", "unblock", "active", "on"});
    auto name = reader_.any({"rename", "name", "call", "label", "relabel"})
                    ? reader_.text_after({"to", "as", "name", "call", "it", "into"})
                    : std::nullopt;
    if (!name && reader_.any({"rename", "name", "call", "label", "relabel"})) {
      if (auto quoted = reader_.take(WordKind::quoted)) name = quoted->said;
    }
    if (name) out.input.set("contact_identifier_name", *name);
    if (off || on) out.input.set("contact_identifier_active", !off);
    if (!code) {
      return ask(out.tool, out.input, "contact_identifier_value", "Which card or identifier?");
    }
    if (!name && !off && !on) {
      return ask(out.tool, out.input, "contact_identifier_name", "What should it be called?");
    }
    return out;
  }

  Result<std::optional<Meaning>> claim() {
    bool anonymous = reader_.any({"anonymous", "unknown", "unclaimed"});
    bool claiming = reader_.any({"claim", "claiming"});
    bool link = reader_.any({"assign", "link", "attach", "belongs", "turn", "convert", "register",
                             "connect", "upgrade", "tie", "give"});
    if (!claiming && !(anonymous && link)) return std::nullopt;
    Meaning out{.kind = Meaning::Kind::call, .tool = "claim_anonymous_contact"};
    auto email = reader_.take(WordKind::email);
    if (email) out.input.set("email", email->lower);
    if (!TRY(take_contact(out, "anonymous_contact_uuid",
                          "Which anonymous contact? Tell me its card or uuid."))) {
      return out;
    }
    if (!email)
      return ask(out.tool, out.input, "email", "Which e-mail address is it claimed with?");
    return out;
  }

  Result<std::optional<Meaning>> merge() {
    if (!reader_.any({"merge", "combine", "join", "unify", "consolidate", "fold", "dedupe",
                      "duplicate", "duplicates", "merging"})) {
      return std::nullopt;
    }
    Meaning out{.kind = Meaning::Kind::call, .tool = "merge_contacts"};
    // "Merge A into B": A goes. "Merge B with A, keep B" stays with its order as well.
    if (!TRY(take_contact(out, "source_contact_uuid", "Which contact should cease to exist?"))) {
      return out;
    }
    (void)TRY(take_contact(out, "destination_contact_uuid", "Into which contact?"));
    return out;
  }

  Result<std::optional<Meaning>> attribute() {
    if (!reader_.any({"attribute", "attributes", "field", "property"}) || !reader_.any(make)) {
      return std::nullopt;
    }
    if (reader_.any({"form", "forms"})) return std::nullopt;
    struct Type {
      std::string_view word;
      std::string_view type;
    };
    constexpr Type types[] = {{"date of birth", "birth_date"},
                              {"birth date", "birth_date"},
                              {"birthdate", "birth_date"},
                              {"date time", "date_time"},
                              {"datetime", "date_time"},
                              {"date_time", "date_time"},
                              {"date range", "date_range"},
                              {"time range", "time_range"},
                              {"long text", "long_text"},
                              {"rich text", "rich_text"},
                              {"multi select", "multi_select"},
                              {"multi-select", "multi_select"},
                              {"multiselect", "multi_select"},
                              {"file upload", "file_upload"},
                              {"birth_date", "birth_date"},
                              {"long_text", "long_text"},
                              {"rich_text", "rich_text"},
                              {"date_range", "date_range"},
                              {"time_range", "time_range"},
                              {"multi_select", "multi_select"},
                              {"file_upload", "file_upload"},
                              {"url", "url"},
                              {"text", "text"},
                              {"date", "date"},
                              {"phone", "phone"},
                              {"float", "float"},
                              {"decimal", "float"},
                              {"color", "color"},
                              {"colour", "color"},
                              {"email", "email"},
                              {"number", "number"},
                              {"numeric", "number"},
                              {"integer", "number"},
                              {"select", "select"},
                              {"dropdown", "select"},
                              {"boolean", "boolean"},
                              {"yes/no", "boolean"},
                              {"identifier", "identifier"}};
    Meaning out{.kind = Meaning::Kind::call, .tool = "create_contact_attribute"};
    auto name = reader_.text_after(
        {"called", "named", "name", "attribute", "field", "property"},
        {"of", "with", "type", "as", "for", "that", "called", "named", "which", "on", "to", "is"});
    if (name) out.input.set("name", *name);
    std::string_view type;
    for (const Type& one : types) {
      if (type.empty() && reader_.says_beside(one.word, name.value_or(""))) type = one.type;
    }
    if (!type.empty()) out.input.set("data_type", type);
    if (reader_.any({"unique"})) out.input.set("has_unique_value", true);
    if (!name) return ask(out.tool, out.input, "name", "What should the attribute be called?");
    if (type.empty()) {
      return ask(out.tool, out.input, "data_type",
                 "Of which type: text, number, date, boolean, …?");
    }
    return out;
  }

  Result<std::optional<Meaning>> product() {
    if (!reader_.any({"product", "products", "sku", "article", "item"})) return std::nullopt;
    if (!reader_.any({"find", "create", "add", "make", "register", "look", "lookup", "get", "sure",
                      "ensure", "exists", "exist", "new", "need", "set", "search", "check"})) {
      return std::nullopt;
    }
    Meaning out{.kind = Meaning::Kind::call, .tool = "find_or_create_products"};
    auto code = reader_.take(WordKind::code);
    std::optional<std::string> id;
    if (code) id = code->said;
    if (!id)
      id = reader_.text_after({"identifier", "id", "sku", "number"}, {"called", "named", "name"});
    auto name =
        reader_.text_after({"called", "named", "name"}, {"with", "sku", "id", "as", "under"});
    if (!name) {
      if (auto quoted = reader_.take(WordKind::quoted)) name = quoted->said;
    }
    if (id) out.input.set("external_identifier", *id);
    if (name) out.input.set("name", *name);
    if (!id) {
      return ask(out.tool, out.input, "external_identifier",
                 "By which identifier (SKU) does your store know it?");
    }
    return out;
  }

  Result<std::optional<Meaning>> forms() {
    if (!reader_.any({"form", "forms"}) || !reader_.any(show)) return std::nullopt;
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

  Result<std::optional<Meaning>> perks() {
    if (!reader_.any({"perk", "perks", "benefit", "benefits"}) || !reader_.any(show)) {
      return std::nullopt;
    }
    if (reader_.any({"create", "make", "add", "delete", "remove", "update", "change"})) {
      return std::nullopt;
    }
    return Meaning{.kind = Meaning::Kind::call, .tool = "list_perks"};
  }

  Result<std::optional<Meaning>> batch() {
    if (!reader_.any(vouchers) || !reader_.any(make)) return std::nullopt;
    if (reader_.any({"find", "look", "lookup", "check", "status", "search"})) return std::nullopt;
    auto quantity = reader_.number_near(vouchers);
    if (!quantity) quantity = reader_.take(WordKind::number);
    auto code = reader_.peek(WordKind::code);
    bool batch = reader_.any({"batch", "vouchers", "codes", "coupons"});
    if (!quantity && (code || !batch)) return std::nullopt;
    Meaning out{.kind = Meaning::Kind::call, .tool = "create_vouchers_batch"};
    if (quantity) out.input.set("quantity", static_cast<std::int64_t>(quantity->number));
    if (auto until =
            reader_.date_after({"until", "till", "expire", "expires", "expiring", "through", "end",
                                "to", "by", "before", "valid", "expiry"})) {
      out.input.set("expiration_date", *until);
    }
    if (auto from = reader_.date_after({"from", "starting", "activate", "active", "since"})) {
      out.input.set("activation_date", *from);
    }
    std::vector<Named> fitting = reader_.best(TRY(names_.promotions()));
    if (!take_named(out, "promotion_uuid", std::move(fitting), "For which promotion?")) return out;
    if (reader_.peek(WordKind::email) || (code && code->said.starts_with("CARD"))) {
      if (!TRY(take_contact(out, "contact_uuid", "For which contact?"))) return out;
    }
    if (!quantity) return ask(out.tool, out.input, "quantity", "How many vouchers?");
    return out;
  }

  Result<std::optional<Meaning>> voucher() {
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
      if (reader_.any({"redeem", "use", "delete", "deactivate", "lock", "cancel"})) {
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

  Result<std::optional<Meaning>> reception() {
    bool give =
        reader_.any({"give",    "add",    "award", "grant",    "credit",   "reward",    "send",
                     "put",     "book",   "hand",  "top",      "issue",    "bonus",     "gift",
                     "deposit", "assign", "load",  "allocate", "increase", "compensate"});
    bool take = reader_.any(
        {"take", "remove", "deduct", "subtract", "withdraw", "debit", "reduce", "revoke"});
    bool spend = reader_.any({"spent", "spends", "spend", "bought", "purchase", "purchased", "paid",
                              "pays", "order", "euro", "euros", "eur"}) ||
                 reader_.contains("€");
    bool amount_named = reader_.any(points);
    auto number = reader_.peek(WordKind::number);
    if (reader_.any({"how", "balance"}) && !number) return std::nullopt;
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
    if (!TRY(take_contact(out, "contact_uuid", "Which contact?"))) return out;
    if (!amount) return ask(out.tool, out.input, "credits", "How many points?");
    if (shop.empty() && shops.size() == 1) shop = shops;
    (void)take_named(out, "shop_uuid", std::move(shop), "In which shop?");
    return out;
  }

  Result<std::optional<Meaning>> balance() {
    bool named = reader_.any(points) || reader_.any({"balance", "balances", "saldo"});
    if (!named || reader_.peek(WordKind::number)) return std::nullopt;
    if (!reader_.any({"how",   "what", "show",   "check", "balance", "get",     "tell",
                      "many",  "much", "has",    "have",  "look",    "points?", "what's",
                      "whats", "see",  "lookup", "fetch", "does",    "points",  "credits"})) {
      return std::nullopt;
    }
    if (reader_.any(
            {"give", "add", "award", "grant", "take", "remove", "deduct", "transfer", "move"}) &&
        !reader_.says("give me")) {
      return std::nullopt;
    }
    Meaning out{.kind = Meaning::Kind::call, .tool = "get_contact_credit_balance"};
    (void)TRY(take_contact(out, "contact_uuid", "Whose balance?"));
    return out;
  }

  Reader reader_;
  Names& names_;
};

}  // namespace

Result<Meaning> interpret(std::string_view text, Names& names) {
  return Interpreter(text, names).read();
}

namespace {

struct Needed {
  std::string_view tool;
  std::string_view field;
  std::string_view question;
};

// What a tool must have, in the order in which it is asked for.
constexpr Needed all_needed[] = {
    {"claim_anonymous_contact", "anonymous_contact_uuid", "Which anonymous contact?"},
    {"claim_anonymous_contact", "email", "Which e-mail address is it claimed with?"},
    {"merge_contacts", "source_contact_uuid", "Which contact should cease to exist?"},
    {"merge_contacts", "destination_contact_uuid", "Into which contact?"},
    {"create_contact_attribute", "name", "What should the attribute be called?"},
    {"create_contact_attribute", "data_type", "Of which type: text, number, date, boolean, …?"},
    {"create_vouchers_batch", "promotion_uuid", "For which promotion?"},
    {"create_vouchers_batch", "quantity", "How many vouchers?"},
    {"create_credit_reception", "contact_uuid", "Which contact?"},
    {"create_credit_reception", "credits", "How many points?"},
    {"create_credit_reception", "shop_uuid", "In which shop?"}};

// After an answer: done, or the next question.
Result<Meaning> complete(Meaning meaning, Names& names) {
  for (const Needed& needed : all_needed) {
    if (needed.tool != meaning.tool || meaning.input.find(needed.field)) continue;
    if (needed.field == "credits" && meaning.input.find("unit_value")) continue;
    if (needed.field == "shop_uuid") {
      auto shops = TRY(names.shops());
      if (shops.size() == 1) {
        meaning.input.set("shop_uuid", shops[0].value);
        continue;
      }
    }
    meaning.kind = Meaning::Kind::ask;
    meaning.field = needed.field;
    meaning.say = needed.question;
    return meaning;
  }
  return meaning;
}

}  // namespace

Result<Meaning> interpret_answer(std::string_view text, const Meaning& question, Names& names) {
  Reader reader(text);
  Meaning out = question;
  out.kind = Meaning::Kind::call;
  out.choices.clear();
  if (question.kind == Meaning::Kind::choose) {
    std::vector<Named> fitting;
    auto number = reader.peek(WordKind::number);
    if (number && number->number >= 1 &&
        number->number <= static_cast<double>(question.choices.size())) {
      fitting = {question.choices[static_cast<std::size_t>(number->number) - 1]};
    } else {
      fitting = reader.best(question.choices);
    }
    if (fitting.size() == 1) {
      out.input.set(question.field, fitting[0].value);
      return complete(std::move(out), names);
    }
    return interpret(text, names);
  }
  auto meaning = TRY(interpret(text, names));
  if (meaning.kind != Meaning::Kind::nothing) return meaning;
  std::vector<Named> fitting;
  if (question.field == "shop_uuid") {
    fitting = reader.best(TRY(names.shops()));
  } else if (question.field == "promotion_uuid") {
    fitting = reader.best(TRY(names.promotions()));
  } else if (question.field.ends_with("contact_uuid")) {
    fitting = TRY(names.contacts(reader.whole()));
  } else {
    auto number = reader.peek(WordKind::number);
    bool whole = question.field == "credits" || question.field == "quantity" ||
                 question.field == "number_of_people";
    if (whole && !number) return meaning;
    if (whole) {
      out.input.set(question.field, static_cast<std::int64_t>(number->number));
    } else {
      out.input.set(question.field, reader.whole());
    }
    return complete(std::move(out), names);
  }
  if (fitting.empty()) return meaning;
  if (fitting.size() > 1) {
    out.kind = Meaning::Kind::choose;
    out.choices = std::move(fitting);
    out.say = "Which one do you mean?";
    return out;
  }
  out.input.set(question.field, fitting[0].value);
  return complete(std::move(out), names);
}

}  // namespace piggy
