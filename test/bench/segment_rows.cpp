// piggy_segment_rows DATABASE ACCOUNT CONTACTS: puts so many contacts into an account, straight
// into the tables and in large transactions, so that a million are there in a minute. The database
// is a file or a URL, and no server may have it open.
//
// They are what conditions can ask for, and people look for: a name, a city, a balance, a
// subscription, clicks. The number of a contact decides all of it. Their balances have no entries
// in the ledger, so that nothing but segments can be measured on them. Prints the uuid of the
// subscription type they are subscribed to.

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "contact/attribute.h"
#include "contact/search_words.h"
#include "database/database.h"
#include "tier/move.h"

namespace piggy {
namespace {

constexpr std::int64_t contacts_per_transaction = 20'000;
constexpr std::array cities = {"Utrecht",   "Delft",  "Rotterdam", "Groningen", "Gent",
                               "Antwerpen", "Leiden", "Breda",     "Arnhem",    "Zwolle"};

constexpr std::array first_names = {"Anna",  "Bram",  "Chloë", "Daan",   "Emma",  "Finn", "Gijs",
                                    "Hanna", "Ilse",  "José",  "Julia",  "Karel", "Lars", "Maud",
                                    "Niels", "Olga",  "Piet",  "Quinn",  "Roos",  "Sem",  "Tess",
                                    "Umut",  "Vera",  "Wout",  "Xander", "Yara",  "Zoë",  "Amira",
                                    "Björn", "Clara", "Duc",   "Eefje",  "Fatma"};
constexpr std::array last_names = {
    "de Jong",  "Jansen",    "de Vries", "van den Berg", "Bakker",         "van Dijk", "Visser",
    "Janssen",  "Smit",      "Meijer",   "de Boer",      "Mulder",         "de Groot", "Bos",
    "Vos",      "Peters",    "Hendriks", "van Leeuwen",  "Dekker",         "Brouwer",  "de Wit",
    "Dijkstra", "Smits",     "de Graaf", "van der Meer", "van der Linden", "Kok",      "Jacobs",
    "de Haan",  "Vermeulen", "Müller",   "Özdemir",      "van der Berg",   "Yılmaz",   "Nguyen",
    "Kowalski", "O'Neil",    "García",   "Kuipers",      "Postma",         "Huisman",  "Scholten",
    "Veenstra"};

constexpr AppendTable contact_table = {
    "contact",
    "account_id bigint, id bigint, uuid bytea, email text, is_anonymous bigint, channel text, "
    "status text, attributes text, created_at bigint, updated_at bigint"};
constexpr AppendTable word_table = {"contact_word",
                                    "account_id bigint, contact_id bigint, word bytea"};
constexpr AppendTable ledger_table = {
    "ledger_account",
    "account_id bigint, id bigint, kind text, balance bigint, entries bigint, head bigint, "
    "head_hash bytea"};
constexpr AppendTable member_table = {
    "member",
    "account_id bigint, id bigint, previous_balance bigint, transactions bigint, received bigint, "
    "first_at bigint, last_at bigint, tier_id bigint, last_shop_id bigint"};
constexpr AppendTable subscription_table = {
    "subscription",
    "account_id bigint, contact_id bigint, subscription_type_id bigint, status text, "
    "updated_at bigint"};
constexpr AppendTable activity_table = {
    "activity",
    "account_id bigint, id bigint, contact_id bigint, kind text, source bytea, detail text, "
    "created_at bigint"};
constexpr AppendTable type_table = {
    "subscription_type",
    "account_id bigint, id bigint, uuid bytea, name text, description text, active bigint, "
    "strategy text"};

constexpr std::string_view select_account = "SELECT id FROM account WHERE name = $1";

Result<> write_contact(Transaction& transaction, std::int64_t number, std::int64_t type_id) {
  // Numbers far apart look alike nowhere.
  auto dice = [&](std::int64_t factor, std::int64_t sides) {
    return (number * factor + 12'345) % 1'000'003 % sides;
  };
  std::int64_t id = transaction.next_id();
  Time now = transaction.now();
  Time created = now + -dice(7'919, 360) * microseconds_per_day;
  auto one_of = [&](const auto& words, std::int64_t factor) {
    return words[static_cast<std::size_t>(dice(factor, static_cast<std::int64_t>(words.size())))];
  };
  Value attributes = Value::object({{"firstname", one_of(first_names, 86'028'121)},
                                    {"lastname", one_of(last_names, 122'949'823)},
                                    {"city", one_of(cities, 104'729)},
                                    {"locale", "nl"},
                                    {"phonenumber", "+31 6 12345678"}});
  ContactRow contact{
      .id = id, .uuid = transaction.next_uuid(), .email = fmt::format("c{}@example.org", number)};
  TRY(transaction.append(contact_table, {id, contact.uuid, contact.email, 0, "API", "ACTIVE",
                                         attributes, created, created}));
  for (const std::string& word : search_words(contact, attributes)) {
    TRY(transaction.append(word_table, {id, Bytes{word}}));
  }
  std::int64_t balance = dice(15'485'863, 1'000);
  TRY(transaction.append(ledger_table, {id, "contact", balance, 0, 0, Hash{}}));
  TRY(enter_first_tier(transaction, 0));
  TRY(transaction.append(member_table, {id, 0, balance / 100, balance, created, now, 0, 0}));
  if (dice(32'452'843, 2) == 0) {
    TRY(transaction.append(subscription_table, {id, type_id, "SUBSCRIBED", now}));
  }
  for (std::int64_t i = dice(49'979'687, 4); i > 0; i--) {
    TRY(transaction.append(
        activity_table,
        {transaction.next_id(), id, i % 2 ? "mail_clicked" : "mail_opened", std::nullopt, "",
         now + -dice(67'867'967 + i, 60) * microseconds_per_day}));
  }
  return {};
}

Result<> write_contacts(const std::string& url, std::string_view account, std::int64_t contacts) {
  auto database = TRY(Database::open({.url = url}));
  std::int64_t id = 0, type_id = 0;
  Uuid type = {};
  TRY(database->read(0, [&](Transaction& transaction) -> Result<> {
    id = TRY(transaction.one<std::int64_t>(select_account, {account}));
    return {};
  }));
  TRY(database->write(id, [&](Transaction& transaction) -> Result<> {
    type_id = transaction.next_id();
    type = transaction.next_uuid();
    TRY(make_attribute(transaction, {.name = "city"}));
    return transaction.append(type_table, {type_id, type, "News", "", 1, "OPT_IN"});
  }));
  for (std::int64_t done = 0; done < contacts; done += contacts_per_transaction) {
    std::int64_t until = std::min(contacts, done + contacts_per_transaction);
    TRY(database->write(id, [&](Transaction& transaction) -> Result<> {
      for (std::int64_t number = done; number < until; number++) {
        TRY(write_contact(transaction, number, type_id));
      }
      return {};
    }));
  }
  fmt::print("{}\n", to_string(type));
  return {};
}

}  // namespace
}  // namespace piggy

int main(int count, char** words) {
  std::int64_t contacts = 0;
  std::string_view number = count == 4 ? words[3] : "";
  if (std::from_chars(number.begin(), number.end(), contacts).ptr != number.end() ||
      contacts <= 0) {
    fmt::print(stderr, "usage: piggy_segment_rows DATABASE ACCOUNT CONTACTS\n");
    return 2;
  }
  if (auto done = piggy::write_contacts(words[1], words[2], contacts); !done) {
    fmt::print(stderr, "{}\n", done.error().message);
    return 1;
  }
  return 0;
}
