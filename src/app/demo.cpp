#include "app/demo.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

#include "access/person.h"
#include "app/demo_calls.h"
#include "app/demo_flows.h"
#include "app/demo_letter.h"
#include "persona/persona.h"
#include "schedule/recurrence.h"

namespace piggy {
namespace {

constexpr std::string_view demo_user = "demo@example.com";
constexpr std::int64_t demo_hour = 10 * 3600 * microseconds_per_second;

class Seed {
 public:
  explicit Seed(Engine& engine) : calls_(engine, "demo") {}

  Result<> run() {
    TRY(calls_.begin());
    std::string shop = TRY(make("create_shop", R"({"name":"Harbour Street"})"));
    TRY(make("create_shop", R"({"name":"Web shop","type":"web"})"));
    TRY(make_programme());
    TRY(make_offers());
    TRY(make_giftcards(shop));
    TRY(make_contacts(shop));
    TRY(make_products());
    TRY(make_forms(shop));
    TRY(make_persona());
    TRY(call("create_booking",
             fmt::format(R"({{"shop_uuid":"{}","contact_uuid":"{}","external_id":"T-1042",)"
                         R"("starts_at":"2027-03-06T19:00:00+01:00",)"
                         R"("ends_at":"2027-03-06T21:00:00+01:00","number_of_people":4,)"
                         R"("company_name":"Bee & Sons","status":"created"}})",
                         shop, contacts_.front())));
    return send_demo_letter(calls_, contacts_);
  }

 private:
  Result<> make_programme() {
    TRY(call("create_tier", R"({"name":"Bronze","credits_required":0,"multiplier":1})"));
    TRY(call("create_tier", R"({"name":"Silver","credits_required":250,"multiplier":1.25})"));
    TRY(call("create_tier", R"({"name":"Gold","credits_required":1000,"multiplier":1.5})"));
    TRY(call("create_perk",
             R"({"label":"Discount","name":"discount","data_type":"single_select","options":[)"
             R"({"label":"No discount","value":"0_off","default":true},)"
             R"({"label":"10% off","value":"10_off","default":false}]})"));
    TRY(call("create_perk",
             R"({"label":"Free shipping","name":"free_shipping","data_type":"boolean","options":[)"
             R"({"label":"Yes","value":"true","default":false},)"
             R"({"label":"No","value":"false","default":true}]})"));
    return {};
  }

  Result<> make_offers() {
    std::string promotion = TRY(
        make("create_promotion", R"({"name":"Ten percent off","description":"On one order."})"));
    TRY(call(
        "create_promotion",
        R"({"name":"Birthday jar","description":"A jar of honey, on us.","limit_per_contact":1})"));
    TRY(call("create_voucher",
             fmt::format(R"({{"promotion_uuid":"{}","code":"WELCOME10"}})", promotion)));
    TRY(call("create_vouchers_batch",
             fmt::format(R"({{"promotion_uuid":"{}","quantity":50}})", promotion)));
    TRY(call("create_reward",
             R"({"title":"Jar of honey","reward_type":"PHYSICAL","required_credits":150})"));
    TRY(call("create_reward",
             R"({"title":"Beekeeping class","reward_type":"PHYSICAL","required_credits":900})"));
    return {};
  }

  Result<> make_giftcards(const std::string& shop) {
    std::string program =
        TRY(make("create_giftcard_program",
                 R"({"name":"Gift card","expiration_days":730,"min_amount_in_cents":500,)"
                 R"("max_amount_in_cents":25000})"));
    for (int cents : {2500, 5000}) {
      TRY(call("issue_giftcards",
               fmt::format(R"({{"giftcard_program_uuid":"{}","quantity":3,"type":"PHYSICAL",)"
                           R"("amount_in_cents":{},"shop_uuid":"{}"}})",
                           program, cents, shop)));
    }
    return {};
  }

  // Twelve people with a history, so that lists have something to show.
  Result<> make_contacts(const std::string& shop) {
    constexpr std::string_view names[] = {"Ann",  "Bram",  "Carla", "Daan",  "Eva",  "Femke",
                                          "Gijs", "Hanna", "Ivo",   "Julia", "Kees", "Lotte"};
    int number = 0;
    for (std::string_view name : names) {
      std::string email = fmt::format("{}@example.com", name);
      for (char& c : email) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      std::string contact = TRY(make("create_contact", fmt::format(R"({{"email":"{}"}})", email)));
      contacts_.push_back(contact);
      TRY(call("update_contact",
               fmt::format(R"({{"contact_uuid":"{}","attributes":{{"firstname":"{}"}}}})", contact,
                           name)));
      TRY(call("create_contact_identifier",
               fmt::format(R"({{"contact_identifier_value":"CARD-{:04}","contact_uuid":"{}"}})",
                           1001 + number, contact)));
      for (int purchase = 0; purchase <= number % 4; purchase++) {
        TRY(call("create_credit_reception",
                 fmt::format(R"({{"shop_uuid":"{}","contact_uuid":"{}","unit_value":{}.50}})", shop,
                             contact, 20 + 37 * ((number + purchase * 5) % 11))));
      }
      number++;
    }
    return call("create_anonymous_contact", "{}");
  }

  Result<> make_products() {
    std::string category =
        TRY(make("create_product_category", R"({"external_identifier":"honey","name":"Honey"})"));
    constexpr std::string_view names[] = {"Heather honey", "Lime honey", "Beeswax candle"};
    int number = 1;
    for (std::string_view name : names) {
      TRY(call(
          "find_or_create_products",
          fmt::format(
              R"({{"external_identifier":"H-{:03}","name":"{}","categories":[{{"uuid":"{}"}}]}})",
              number++, name, category)));
    }
    return {};
  }

  // The newsletter is where the links of members lead who bring a friend.
  Result<> make_forms(const std::string& shop) {
    std::string newsletter =
        TRY(make("create_form",
                 R"({"name":"Newsletter","type":"PUBLIC","status":"PUBLISHED","fields":[)"
                 R"({"name":"email","label":"E-mail","type":"email","required":true},)"
                 R"({"name":"firstname","label":"First name","type":"text","required":false}]})"));
    TRY(call("update_referral_program",
             fmt::format(R"({{"active":true,"form_uuid":"{}","shop_uuid":"{}",)"
                         R"("completion_event":"loyalty_transaction","limit_per_contact":10,)"
                         R"("referring_incentive":{{"type":"loyalty_points","points":100}},)"
                         R"("referred_incentive":{{"type":"loyalty_points","points":50}}}})",
                         newsletter, shop)));
    return call(
        "create_form",
        R"({"name":"Tasting panel","type":"PRIVATE","status":"DRAFT","fields":[{"name":"email","label":"E-mail","type":"email","required":true}]})");
  }

  // The fourteen tools of the integration, within limits that a demo may try out.
  Result<> make_persona() {
    std::string persona = TRY(make(
        "create_persona", R"({"name":"Mara","avatar":"🐝","instructions":"You are Mara, who looks )"
                          R"(after the customers of The Honey Shop. Be brief and friendly."})"));
    return call("grant_tools",
                fmt::format(R"({{"persona_uuid":"{}","grants":[)"
                            R"({{"tool":"piggy_claim_anonymous_contact"}},)"
                            R"({{"tool":"piggy_create_contact_attribute","ask":"always"}},)"
                            R"({{"tool":"piggy_create_credit_reception",)"
                            R"("limits":{{"points_per_day":500}}}},)"
                            R"({{"tool":"piggy_create_vouchers_batch",)"
                            R"("limits":{{"vouchers_per_call":100}}}},)"
                            R"({{"tool":"piggy_find_or_create_products"}},)"
                            R"({{"tool":"piggy_find_voucher_by_code"}},)"
                            R"({{"tool":"piggy_get_contact_auth_token"}},)"
                            R"({{"tool":"piggy_get_contact_credit_balance"}},)"
                            R"({{"tool":"piggy_list_forms"}},)"
                            R"({{"tool":"piggy_list_perks"}},)"
                            R"({{"tool":"piggy_merge_contacts"}},)"
                            R"({{"tool":"piggy_send_contact_verification_email",)"
                            R"("limits":{{"calls_per_minute":10}}}},)"
                            R"({{"tool":"piggy_update_bookings"}},)"
                            R"({{"tool":"piggy_update_contact_identifiers"}}]}})",
                            persona));
  }

  Result<> call(std::string_view name, std::string_view json) { return calls_.call(name, json); }
  Result<std::string> make(std::string_view name, std::string_view json) {
    return calls_.make(name, json);
  }

  DemoCalls calls_;
  std::vector<std::string> contacts_ = {};
};

std::string tokens_file(const RunConfiguration& configuration) {
  return configuration.data + "/demo-tokens";
}

// Written to the side and renamed: a file that is there is whole.
Result<> write_tokens(const RunConfiguration& configuration, const std::string& text) {
  std::string file = tokens_file(configuration);
  std::string part = file + ".part";
  mode_t before = ::umask(0077);
  std::ofstream(part) << text;
  ::umask(before);
  if (std::rename(part.c_str(), file.c_str()) != 0) {
    return fail(ErrorCode::unavailable, fmt::format("{} cannot be written.", file));
  }
  return {};
}

struct Tokens {
  std::string client;
  std::string register_;
  std::string mcp;
  std::string persona;
  std::string password;
};

Tokens read_tokens(const RunConfiguration& configuration) {
  Tokens tokens;
  std::ifstream file(tokens_file(configuration));
  std::getline(file, tokens.client);
  std::getline(file, tokens.register_);
  std::getline(file, tokens.mcp);
  std::getline(file, tokens.persona);
  std::getline(file, tokens.password);
  return tokens;
}

// With this password, also where a copy of the data knows the user already.
Result<PersonRow> demo_person(Transaction& tenant, const std::string& password_hash) {
  for (PersonRow& known : TRY(people_of(tenant, tenant.account()))) {
    if (known.email != demo_user) continue;
    TRY(set_password(tenant, demo_user, password_hash));
    return std::move(known);
  }
  return make_person(tenant, {.account_id = tenant.account(),
                              .email = std::string(demo_user),
                              .name = "Demo",
                              .role = Role::owner,
                              .password = password_hash});
}

Result<bool> is_empty(Engine& engine) {
  std::int64_t accounts = 0;
  TRY(engine.database().read(0, [&](Transaction& transaction) -> Result<> {
    accounts = TRY(transaction.one<std::int64_t>("SELECT count(*) FROM account"));
    return {};
  }));
  return accounts == 0;
}

Result<> make_tokens(Engine& engine, const RunConfiguration& configuration) {
  auto caller = TRY(engine.callers().owner_of(demo_account));
  std::string password = SecureRandom().text(16, alphanumerics);
  std::string hash = hash_password(password);
  std::string text;
  TRY(engine.database().write(0, [&](Transaction& transaction) -> Result<> {
    text.clear();
    Transaction tenant = transaction.of(caller->account_id);
    PersonRow person = TRY(demo_person(tenant, hash));
    auto shop = TRY(
        tenant.one<std::int64_t>("SELECT id FROM shop WHERE account_id = $1 ORDER BY id LIMIT 1"));
    for (TokenKind kind : {TokenKind::client, TokenKind::register_, TokenKind::mcp}) {
      NewToken token{.account_id = caller->account_id, .kind = kind, .name = "demo"};
      if (kind == TokenKind::register_) token.shop_id = shop;
      text += TRY(make_token(transaction, token)).token + "\n";
    }
    NewToken persona{.account_id = caller->account_id,
                     .kind = TokenKind::mcp,
                     .name = "demo persona",
                     .person_id = person.id,
                     .persona_id = TRY(personas(tenant)).front().id};
    text += TRY(make_token(transaction, persona)).token + "\n" + password + "\n";
    return {};
  }));
  return write_tokens(configuration, text);
}

}  // namespace

bool demo_is_made(const RunConfiguration& configuration) {
  return !read_tokens(configuration).persona.empty();
}

DemoClock::DemoClock() {
  const std::string zone = Caller().time_zone;
  Time now = clock_.now();
  LocalDay yesterday = local_day(day_before(local_date(now, zone)), zone);
  behind_ = now - (yesterday.begin + demo_hour);
}

Result<> make_demo(Engine& engine, const RunConfiguration& configuration, DemoClock& clock) {
  if (!demo_is_made(configuration)) {
    // Where something happened today already, yesterday is over.
    if (!TRY(is_empty(engine))) clock.come_to_the_present();
    TRY(Seed(engine).run());
    clock.come_to_the_present();
    TRY(make_tokens(engine, configuration));
  }
  return make_demo_flows(engine, configuration);
}

void print_demo_help(Engine& engine, const RunConfiguration& configuration, const std::string& host,
                     std::uint16_t port) {
  Tokens tokens = read_tokens(configuration);
  std::string at = fmt::format("http://{}:{}", host, port);
  fmt::print(R"(
  The account demo is a small shop to try everything on. Its tokens:

    client    {1}
    register  {2}
    mcp       {3}
    persona   {4}   (mcp as Mara, within what she is granted)

  Sign in as {6} with the password {5}

  Paste these:

    curl -s -H 'Authorization: Bearer {1}' '{0}/api/v3/oauth/clients/contacts/find-one-by?email=ann@example.com'
    curl -s -H 'Authorization: Bearer {1}' '{0}/api/v3/oauth/clients/vouchers/find?code=WELCOME10'
    curl -s -H 'Authorization: Bearer {3}' -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-06-18' -d '{{"jsonrpc":"2.0","id":1,"method":"tools/list"}}' {0}/mcp

{7}
  The manual is at {0}/manual, OpenAPI at {0}/openapi.json. Ctrl-C stops.

)",
             at, tokens.client, tokens.register_, tokens.mcp, tokens.persona, tokens.password,
             demo_user, demo_flows_help(engine, configuration, at).value_or(""));
}

}  // namespace piggy
