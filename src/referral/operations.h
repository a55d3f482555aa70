#pragma once

// Referrals over the v3 wire (piggy-api-v3, section 10.33), for people, and for customers.

#include "contact/contact_operations.h"
#include "loyalty/programme.h"
#include "operation/operation.h"
#include "referral/referral.h"
#include "referral/settings.h"

namespace piggy {

struct ListReferrals {
  static constexpr OperationInfo info = {
      .name = "list_referrals",
      .title = "List Referrals",
      .about =
          "Lists who brought whom, newest first: of one contact who brought others, or in one "
          "state, if asked. Changes nothing.",
      .verb = Verb::get,
      .path = "/referrals",
      .scope = "referrals:read",
      .wire = {.meta = Meta::list, .data = "referrals"}};
  struct Input {
    std::optional<Uuid> referring_contact_uuid = {};
    std::optional<ReferralStatus> status = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Referral> referrals = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetReferralSettings {
  static constexpr OperationInfo info = {
      .name = "get_referral_settings",
      .title = "Get Referral Settings",
      .about =
          "Shows when a referral is completed, how many count for one contact, and what both sides "
          "receive. Changes nothing.",
      .verb = Verb::get,
      .path = "/referrals/settings",
      .scope = "referrals:read",
      .wire = {.meta = Meta::list}};
  using Input = Empty;
  // What `data` holds depends on the type.
  struct Typed {
    std::string type = {};
    Value data = Value::object();
    static void describe(Fields<Typed>& field);
  };
  struct Output {
    Typed completion_event = {};
    std::optional<std::int64_t> limit_per_contact = {};
    Typed referred_contact_incentive = {};
    Typed referring_contact_incentive = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

struct NamedReference {
  Uuid uuid = {};
  std::string name = {};

  static void describe(Fields<NamedReference>& field);
};

// What one side receives.
struct ReferralIncentive {
  IncentiveType type = IncentiveType::nothing;
  std::int64_t points = 0;
  std::optional<NamedReference> promotion = {};

  static void describe(Fields<ReferralIncentive>& field);
};

struct ReferralProgram {
  bool active = false;
  std::optional<NamedReference> form = {};
  bool form_is_open = false;
  ReferralEvent completion_event = ReferralEvent::loyalty_transaction;
  std::int64_t number_of_transactions = 1;
  std::optional<std::int64_t> limit_per_contact = {};
  std::optional<NamedReference> shop = {};
  ReferralIncentive referring_incentive = {};
  ReferralIncentive referred_incentive = {};

  static void describe(Fields<ReferralProgram>& field);
};

struct GetReferralProgram {
  static constexpr OperationInfo info = {
      .name = "get_referral_program",
      .title = "Get Referral Program",
      .about =
          "Shows whether contacts who bring others are rewarded, when, with what, and where their "
          "link leads. Changes nothing.",
      .verb = Verb::get,
      .path = "/referrals/settings",
      .scope = "referrals:read",
      .surface = Surface::platform};
  using Input = Empty;
  using Output = ReferralProgram;
  static Result<Output> run(Call& call, const Input&);
};

struct UpdateReferralProgram {
  static constexpr OperationInfo info = {
      .name = "update_referral_program",
      .title = "Update Referral Program",
      .about =
          "Says how contacts who bring others are rewarded, all of it at once: what is left out is "
          "off. What is pending is judged by it from then on; what was given stays.",
      .verb = Verb::put,
      .path = "/referrals/settings",
      .scope = "referrals:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Side {
    IncentiveType type = IncentiveType::nothing;
    std::optional<std::int64_t> points = {};
    std::optional<Uuid> promotion_uuid = {};
    static void describe(Fields<Side>& field);
  };
  struct Input {
    bool active = false;
    std::optional<Uuid> form_uuid = {};
    ReferralEvent completion_event = ReferralEvent::loyalty_transaction;
    std::optional<std::int64_t> number_of_transactions = {};
    std::optional<std::int64_t> limit_per_contact = {};
    std::optional<Uuid> shop_uuid = {};
    Side referring_incentive = {};
    Side referred_incentive = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ReferralProgram;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct SearchReferrals {
  static constexpr OperationInfo info = {
      .name = "search_referrals",
      .title = "Search Referrals",
      .about =
          "Lists who brought whom, newest first, with when it began and ended: of one contact who "
          "brought others, of one who was brought, or in one state, if asked. Changes nothing.",
      .verb = Verb::get,
      .path = "/referrals",
      .scope = "referrals:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<Uuid> referring_contact_uuid = {};
    std::optional<Uuid> referred_contact_uuid = {};
    std::optional<ReferralStatus> status = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Found {
    Uuid uuid = {};
    ContactReference referring_contact = {};
    ContactReference referred_contact = {};
    ReferralStatus status = ReferralStatus::pending;
    std::int64_t transactions = 0;
    Time created_at = {};
    std::optional<Time> ended_at = {};
    static void describe(Fields<Found>& field);
  };
  struct Output {
    std::vector<Found> referrals = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetReferralCard {
  static constexpr OperationInfo info = {
      .name = "get_referral_card",
      .title = "Get Referral Card",
      .about =
          "Shows what a customer sees of bringing friends: the own link and code, how many came, "
          "and what both receive. Says only that it is off where the shop has not switched it on.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/referral-card",
      .scope = "referrals:read",
      .surface = Surface::platform};
  using Input = ContactByUuid;
  struct Output {
    bool active = false;
    std::string code = {};
    std::optional<std::string> link = {};
    std::int64_t completed = 0;
    std::int64_t pending = 0;
    std::optional<std::int64_t> limit_per_contact = {};
    ReferralEvent completion_event = ReferralEvent::loyalty_transaction;
    std::int64_t number_of_transactions = 1;
    ReferralIncentive yours = {};
    ReferralIncentive theirs = {};
    std::string credit_name = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

// `configurations` outlives the catalogue.
void add_referral_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
