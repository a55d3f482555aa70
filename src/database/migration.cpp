#include "database/migration.h"

#include <fmt/format.h>

#include <iterator>

namespace piggy {
namespace {

constexpr char engine[] = {
#embed "../../migration/001_engine.sql"
};

constexpr char fewer_indexes[] = {
#embed "../../migration/002_fewer_indexes.sql"
};

constexpr char vault[] = {
#embed "../../migration/003_vault.sql"
};

constexpr char oauth[] = {
#embed "../../migration/004_oauth.sql"
};

constexpr char platform[] = {
#embed "../../migration/005_platform.sql"
};

constexpr char connections[] = {
#embed "../../migration/006_connections.sql"
};

constexpr char token_rotation[] = {
#embed "../../migration/007_token_rotation.sql"
};

constexpr char connection_sign_in[] = {
#embed "../../migration/008_connection_sign_in.sql"
};

constexpr char activity[] = {
#embed "../../migration/009_activity.sql"
};

constexpr char lead[] = {
#embed "../../migration/010_lead.sql"
};

constexpr char segment[] = {
#embed "../../migration/011_segment.sql"
};

constexpr char campaign[] = {
#embed "../../migration/012_campaign.sql"
};

constexpr char form[] = {
#embed "../../migration/013_form.sql"
};

constexpr char audience[] = {
#embed "../../migration/014_audience.sql"
};

constexpr char flow[] = {
#embed "../../migration/015_flow.sql"
};

constexpr char sequence[] = {
#embed "../../migration/016_sequence.sql"
};

constexpr char insight[] = {
#embed "../../migration/017_insight.sql"
};

constexpr char portal[] = {
#embed "../../migration/018_portal.sql"
};

constexpr char invitation[] = {
#embed "../../migration/019_invitation.sql"
};

constexpr char flow_run_indexes[] = {
#embed "../../migration/020_flow_run_indexes.sql"
};

constexpr char webhook[] = {
#embed "../../migration/021_webhook.sql"
};

constexpr char giftcard[] = {
#embed "../../migration/022_giftcard.sql"
};

constexpr char reward_reception[] = {
#embed "../../migration/023_reward_reception.sql"
};

constexpr char booking_time[] = {
#embed "../../migration/024_booking_time.sql"
};

constexpr char contact_words[] = {
#embed "../../migration/025_contact_words.sql"
};

constexpr char tier_count[] = {
#embed "../../migration/026_tier_count.sql"
};

constexpr char referral[] = {
#embed "../../migration/027_referral.sql"
};

constexpr char erasure_request[] = {
#embed "../../migration/028_erasure_request.sql"
};

constexpr char codes[] = {
#embed "../../migration/029_codes.sql"
};

constexpr char connection_permissions[] = {
#embed "../../migration/030_connection_permissions.sql"
};

constexpr char told[] = {
#embed "../../migration/031_told.sql"
};

constexpr std::string_view migrations[] = {{engine, sizeof engine},
                                           {fewer_indexes, sizeof fewer_indexes},
                                           {vault, sizeof vault},
                                           {oauth, sizeof oauth},
                                           {platform, sizeof platform},
                                           {connections, sizeof connections},
                                           {token_rotation, sizeof token_rotation},
                                           {connection_sign_in, sizeof connection_sign_in},
                                           {activity, sizeof activity},
                                           {lead, sizeof lead},
                                           {segment, sizeof segment},
                                           {campaign, sizeof campaign},
                                           {form, sizeof form},
                                           {audience, sizeof audience},
                                           {flow, sizeof flow},
                                           {sequence, sizeof sequence},
                                           {insight, sizeof insight},
                                           {portal, sizeof portal},
                                           {invitation, sizeof invitation},
                                           {flow_run_indexes, sizeof flow_run_indexes},
                                           {webhook, sizeof webhook},
                                           {giftcard, sizeof giftcard},
                                           {reward_reception, sizeof reward_reception},
                                           {booking_time, sizeof booking_time},
                                           {contact_words, sizeof contact_words},
                                           {tier_count, sizeof tier_count},
                                           {referral, sizeof referral},
                                           {erasure_request, sizeof erasure_request},
                                           {codes, sizeof codes},
                                           {connection_permissions, sizeof connection_permissions},
                                           {told, sizeof told}};

constexpr std::string_view has_migrations_sqlite =
    "SELECT count(*) FROM sqlite_master WHERE name = 'migration'";
constexpr std::string_view has_migrations_postgres = "SELECT count(to_regclass('migration')::text)";
constexpr std::string_view select_version = "SELECT coalesce(max(version), 0) FROM migration";
constexpr std::string_view select_incomplete_copy = "SELECT value FROM counter WHERE name = $1";

Result<std::int64_t> number(Connection& connection, std::string_view sql) {
  std::int64_t found = 0;
  RowSink sink = [&](const Row& row) { found = row.integer(0); };
  TRY(connection.run(sql, {}, &sink));
  return found;
}

}  // namespace

int schema_version() { return static_cast<int>(std::size(migrations)); }

Result<> bring_up_to_date(Store& store, Connection& connection) {
  TRY(connection.run_script(
      store.translate("CREATE TABLE IF NOT EXISTS migration (version bigint NOT NULL\n);\n")));
  std::int64_t version = TRY(number(connection, select_version));
  if (version > schema_version()) {
    return fail(ErrorCode::conflict,
                fmt::format("This database was made by a newer version of piggy (schema {}, this "
                            "program knows {}).",
                            version, schema_version()));
  }
  for (std::int64_t next = version; next < schema_version(); next++) {
    TRY(connection.begin(true));
    Result<> done = connection.run_script(store.translate(migrations[next]));
    Parameter made(next + 1);
    if (done) {
      auto noted =
          connection.run("INSERT INTO migration (version) VALUES ($1)", {&made, 1}, nullptr);
      if (!noted) done = fail(noted.error());
    }
    if (!done) {
      connection.rollback();
      return done;
    }
    TRY(connection.commit());
  }
  return {};
}

Result<> must_be_up_to_date(const Store& store, Connection& reader) {
  bool sqlite = store.name() == "sqlite";
  if (!TRY(number(reader, sqlite ? has_migrations_sqlite : has_migrations_postgres))) {
    return fail(ErrorCode::not_found, "There is no data of piggy in this database.");
  }
  std::int64_t version = TRY(number(reader, select_version));
  if (version != schema_version()) {
    return fail(
        ErrorCode::conflict,
        fmt::format("This database has the schema {}, this program the schema {}: start the "
                    "newer piggy with it once.",
                    version, schema_version()));
  }
  return refuse_incomplete_copy(reader);
}

Result<std::optional<std::int64_t>> incomplete_copy(Connection& connection) {
  std::optional<std::int64_t> account;
  RowSink sink = [&](const Row& row) { account = row.integer(0); };
  Parameter name(incomplete_copy_counter);
  TRY(connection.run(select_incomplete_copy, {&name, 1}, &sink));
  return account;
}

Result<> refuse_incomplete_copy(Connection& connection) {
  if (!TRY(incomplete_copy(connection))) return {};
  return fail(ErrorCode::conflict,
              "A copy into this database was not finished. Run `piggy migrate` to it again: that "
              "removes what is there of it, and starts over.");
}

std::string all_migrations() {
  std::string text;
  for (std::string_view migration : migrations) text += migration;
  return text;
}

}  // namespace piggy
