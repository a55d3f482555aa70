// piggy_audit_rows DATABASE ACCOUNT CALLS: puts so many calls on record in an account, by the
// engine's own function and in large transactions, so that a record of ten million is there in
// minutes and is whole. The database is a file or a URL, and no server may have it open.
//
// What it writes looks like the work of personas: each looks at a contact's balance and then gives
// credits, by turns. One contact of many is in every hundredth call, one persona in every
// thousandth. Prints whom one can ask about: "contact UUID" and "persona UUID", the busiest first,
// "rare" of the latter.

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "audit/audit.h"

namespace piggy {
namespace {

constexpr std::int64_t calls_per_transaction = 50'000;
constexpr std::size_t contact_count = 100'000;
constexpr std::size_t contacts_told = 500;
constexpr std::size_t persona_count = 20;  // The last one is the rare one.

constexpr std::string_view select_account = "SELECT id FROM account WHERE name = $1";

constexpr std::string_view balance = R"({"type":"credit_balance","balance":1240})";
constexpr std::string_view reception =
    R"({"type":"credit_reception","uuid":"01a21948-71a6-7028-9d37-61e3a9c025af","credits":1,)"
    R"("created_at":"2026-11-26T19:15:07+00:00","channel":"OAUTH_API","contact":{"uuid":)"
    R"("01a21948-0dc0-73a4-bcfb-0fc5748b3a7c","email":"customer-8932@example.org",)"
    R"("credit_balance":{"id":19405,"balance":37}},"shop":{"id":1007,"uuid":)"
    R"("01a21948-0cb1-7000-8330-65676d7a895b","type":"physical","name":"Harbour Street","address":)"
    R"({"id":1007,"shop_id":1007,"street":null,"housenumber":null,"postalcode":null,"city":null,)"
    R"("state":null,"country":null,"latitude":null,"longitude":null,"house_number":null,)"
    R"("postal_code":null}},"contact_identifier":null,"unit":{"id":1003,"name":"purchase_amount",)"
    R"("label":"Purchase Amount","prefix":"","is_default":true},"unit_value":null})";

class Writing {
 public:
  Writing(Database& database, std::int64_t account) : database_(database), account_(account) {}

  Result<> run(std::int64_t calls) {
    TRY(database_.write(account_, [&](Transaction& transaction) -> Result<> {
      for (auto* uuids : {&contacts_, &personas_}) {
        for (Uuid& uuid : *uuids) uuid = transaction.next_uuid();
      }
      return {};
    }));
    for (std::int64_t done = 0; done < calls; done += calls_per_transaction) {
      std::int64_t until = std::min(calls, done + calls_per_transaction);
      TRY(database_.write(account_, [&](Transaction& transaction) -> Result<> {
        for (std::int64_t number = done; number < until; number++) {
          TRY(write_call(transaction, static_cast<std::size_t>(number)));
        }
        return {};
      }));
    }
    return {};
  }

  void tell() const {
    for (std::size_t i = 0; i < contacts_told; i++) {
      fmt::print("contact {}\n", to_string(contacts_[i]));
    }
    for (std::size_t i = 0; i + 1 < persona_count; i++) {
      fmt::print("persona {}\n", to_string(personas_[i]));
    }
    fmt::print("rare {}\n", to_string(personas_.back()));
  }

 private:
  // The number decides everything, for a transaction may be run again.
  Result<> write_call(Transaction& transaction, std::size_t number) {
    std::size_t pair = number / 2;
    std::size_t contact = pair % 100 == 0 ? 0 : 1 + pair * 7919 % (contact_count - 1);
    std::size_t persona = pair % 1000 == 0 ? persona_count - 1 : pair % (persona_count - 1);
    bool looks = number % 2 == 0;
    std::string uuid = to_string(contacts_[contact]);
    std::string arguments =
        looks ? fmt::format(R"({{"contact_uuid":"{}"}})", uuid)
              : fmt::format(R"({{"shop_uuid":"01a21948-0cb1-7000-8330-65676d7a895b","credits":1,)"
                            R"("contact_uuid":"{}"}})",
                            uuid);
    TRY(record_call(transaction,
                    {.caller = caller_,
                     .persona_uuid = personas_[persona],
                     .persona = "Nina",
                     .door = Door::mcp,
                     .operation = looks ? "get_contact_credit_balance" : "create_credit_reception",
                     .duration_us = 900,
                     .price = looks ? 1 : 2,
                     .contact_uuid = contacts_[contact],
                     .arguments = arguments,
                     .response = looks ? balance : reception}));
    return {};
  }

  Database& database_;
  std::int64_t account_;
  Caller caller_{.token_id = 21'545, .person = "boss@shop.example"};
  std::vector<Uuid> contacts_ = std::vector<Uuid>(contact_count);
  std::vector<Uuid> personas_ = std::vector<Uuid>(persona_count);
};

Result<> write_calls(const std::string& url, std::string_view account, std::int64_t calls) {
  auto database = TRY(Database::open({.url = url}));
  std::int64_t id = 0;
  TRY(database->read(0, [&](Transaction& transaction) -> Result<> {
    id = TRY(transaction.one<std::int64_t>(select_account, {account}));
    return {};
  }));
  Writing writing(*database, id);
  TRY(writing.run(calls));
  writing.tell();
  return {};
}

}  // namespace
}  // namespace piggy

int main(int count, char** words) {
  std::int64_t calls = 0;
  std::string_view number = count == 4 ? words[3] : "";
  if (std::from_chars(number.begin(), number.end(), calls).ptr != number.end() || calls <= 0) {
    fmt::print(stderr, "usage: piggy_audit_rows DATABASE ACCOUNT CALLS\n");
    return 2;
  }
  if (auto done = piggy::write_calls(words[1], words[2], calls); !done) {
    fmt::print(stderr, "{}\n", done.error().message);
    return 1;
  }
  return 0;
}
