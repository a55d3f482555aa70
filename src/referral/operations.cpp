#include "referral/operations.h"

#include <fmt/format.h>

#include "contact/referral_code.h"
#include "form/form.h"
#include "shop/shop.h"
#include "voucher/promotion.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 30;

Result<std::optional<std::int64_t>> contact_id_of(Call& call, const std::optional<Uuid>& uuid) {
  if (!uuid) return std::nullopt;
  return TRY(contact_of(call.transaction, *uuid)).id;
}

Result<ReferralIncentive> shown(Transaction& transaction, const Incentive& incentive) {
  ReferralIncentive side{.type = incentive.type, .points = incentive.points};
  if (incentive.promotion_id) {
    PromotionRow promotion = TRY(promotion_by_id(transaction, *incentive.promotion_id));
    side.promotion = {promotion.uuid, promotion.name};
  }
  return side;
}

Result<ReferralProgram> shown(Transaction& transaction, const ReferralSettingsRow& row) {
  ReferralProgram program{.active = row.active,
                          .completion_event = row.completion_event,
                          .number_of_transactions = row.number_of_transactions,
                          .limit_per_contact = row.limit_per_contact,
                          .referring_incentive = TRY(shown(transaction, referring_incentive(row))),
                          .referred_incentive = TRY(shown(transaction, referred_incentive(row)))};
  if (row.form_uuid) {
    FormRow form = TRY(form_of(transaction, *row.form_uuid));
    program.form = {form.uuid, form.name};
    program.form_is_open = form.status == FormStatus::PUBLISHED && form.type == FormType::PUBLIC;
  }
  if (row.shop_id) {
    ShopRow shop = TRY(shop_by_id(transaction, *row.shop_id));
    program.shop = {shop.uuid, shop.name};
  }
  return program;
}

Value as_value(const NamedReference& reference) {
  return Value::object({{"uuid", to_string(reference.uuid)}, {"name", reference.name}});
}

// As the v3 wire has it.
GetReferralSettings::Typed on_the_wire(const ReferralIncentive& incentive,
                                       const ReferralProgram& program) {
  GetReferralSettings::Typed typed{.type = std::string(word_of(incentive.type))};
  if (incentive.type == IncentiveType::loyalty_points) {
    typed.data.set("points", incentive.points);
    typed.data.set("business_profile", program.shop ? as_value(*program.shop) : Value());
  }
  if (incentive.promotion) typed.data.set("promotion", as_value(*incentive.promotion));
  return typed;
}

std::string in_words(const ReferralIncentive& incentive) {
  if (incentive.type == IncentiveType::loyalty_points) {
    return fmt::format("{} credits", incentive.points);
  }
  return incentive.promotion ? "a voucher of " + incentive.promotion->name : "nothing";
}

std::string in_words(const ReferralProgram& program) {
  if (!program.active) return "off";
  std::string when = "when they become a contact";
  if (program.completion_event == ReferralEvent::loyalty_transaction) {
    when = fmt::format("after {} transactions", program.number_of_transactions);
  }
  std::string most = program.limit_per_contact
                         ? fmt::format(", {} friends at most", *program.limit_per_contact)
                         : "";
  return fmt::format("{} for who brings a friend, {} for the friend, {}{}",
                     in_words(program.referring_incentive), in_words(program.referred_incentive),
                     when, most);
}

void check_side(std::string_view name, const UpdateReferralProgram::Side& side,
                std::vector<FieldError>& problems) {
  auto missing = [&](std::string_view what) {
    problems.push_back({fmt::format("/{}/{}", name, what),
                        fmt::format("The {} field is required for this type.", what)});
  };
  if (side.type == IncentiveType::loyalty_points && !side.points) missing("points");
  if (side.type == IncentiveType::voucher && !side.promotion_uuid) missing("promotion_uuid");
}

Result<Incentive> incentive_of(Call& call, std::int64_t most, std::string_view name,
                               const UpdateReferralProgram::Side& side) {
  Incentive incentive{.type = side.type};
  if (side.type == IncentiveType::loyalty_points) {
    incentive.points = *side.points;
    if (incentive.points > most) {
      return fail_field(fmt::format("/{}/points", name),
                        fmt::format("The program gives {} credits at once at most.", most));
    }
  }
  if (side.type == IncentiveType::voucher) {
    incentive.promotion_id = TRY(promotion_of(call.transaction, *side.promotion_uuid)).id;
  }
  return incentive;
}

}  // namespace

Result<ListReferrals::Output> ListReferrals::run(Call& call, const Input& input) {
  ReferralFilter filter{
      .referring_contact_id = TRY(contact_id_of(call, input.referring_contact_uuid)),
      .status = input.status};
  Page page = page_of(input.page, input.limit, limit_default);
  Output output;
  for (const ReferralRow& row : TRY(referrals_on(call.transaction, filter, page))) {
    output.referrals.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<GetReferralSettings::Output> GetReferralSettings::run(Call& call, const Input&) {
  ReferralSettingsRow settings = TRY(referral_settings_of(call.transaction));
  ReferralProgram program = TRY(shown(call.transaction, settings));
  Output output{.completion_event = {.type = std::string(word_of(program.completion_event))},
                .limit_per_contact = program.limit_per_contact,
                .referred_contact_incentive = on_the_wire(program.referred_incentive, program),
                .referring_contact_incentive = on_the_wire(program.referring_incentive, program)};
  if (program.completion_event == ReferralEvent::loyalty_transaction) {
    output.completion_event.data.set("number_of_transactions", program.number_of_transactions);
  }
  return output;
}

Result<ReferralProgram> GetReferralProgram::run(Call& call, const Input&) {
  ReferralSettingsRow settings = TRY(referral_settings_of(call.transaction));
  return shown(call.transaction, settings);
}

void UpdateReferralProgram::check(const Input& input, std::vector<FieldError>& problems) {
  check_side("referring_incentive", input.referring_incentive, problems);
  check_side("referred_incentive", input.referred_incentive, problems);
  bool points = input.referring_incentive.type == IncentiveType::loyalty_points ||
                input.referred_incentive.type == IncentiveType::loyalty_points;
  if (points && !input.shop_uuid) {
    problems.push_back(
        {"/shop_uuid", "The shop_uuid field is required when loyalty points are given."});
  }
}

Result<ReferralProgram> UpdateReferralProgram::run(Configurations& configurations, Call& call,
                                                   const Input& input) {
  ReferralSettingsRow known = TRY(referral_settings_of(call.transaction));
  ReferralProgram before = TRY(shown(call.transaction, known));
  std::int64_t most = TRY(configurations.of(call.transaction))->programme.max_amount;
  Incentive referring =
      TRY(incentive_of(call, most, "referring_incentive", input.referring_incentive));
  Incentive referred =
      TRY(incentive_of(call, most, "referred_incentive", input.referred_incentive));
  ReferralSettingsRow row{.active = input.active,
                          .completion_event = input.completion_event,
                          .number_of_transactions = input.number_of_transactions.value_or(1),
                          .limit_per_contact = input.limit_per_contact,
                          .referring_type = referring.type,
                          .referring_points = referring.points,
                          .referring_promotion_id = referring.promotion_id,
                          .referred_type = referred.type,
                          .referred_points = referred.points,
                          .referred_promotion_id = referred.promotion_id};
  if (input.form_uuid) row.form_uuid = TRY(form_of(call.transaction, *input.form_uuid)).uuid;
  if (input.shop_uuid) row.shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  TRY(set_referral_settings(call.transaction, row));
  ReferralProgram after = TRY(shown(call.transaction, row));
  call.changes("referrals", in_words(before), in_words(after));
  return after;
}

Result<SearchReferrals::Output> SearchReferrals::run(Call& call, const Input& input) {
  ReferralFilter filter{
      .referring_contact_id = TRY(contact_id_of(call, input.referring_contact_uuid)),
      .referred_contact_id = TRY(contact_id_of(call, input.referred_contact_uuid)),
      .status = input.status};
  Output output{.page = page_of(input.page, input.limit, limit_default)};
  for (const ReferralRow& row : TRY(referrals_on(call.transaction, filter, output.page))) {
    Referral referral = TRY(shown(call.transaction, row));
    output.referrals.push_back({.uuid = row.uuid,
                                .referring_contact = std::move(referral.referring_contact),
                                .referred_contact = std::move(referral.referred_contact),
                                .status = row.status,
                                .transactions = row.transactions,
                                .created_at = row.created_at,
                                .ended_at = row.ended_at});
  }
  return output;
}

Result<GetReferralCard::Output> GetReferralCard::run(Configurations& configurations, Call& call,
                                                     const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  ReferralSettingsRow settings = TRY(referral_settings_of(call.transaction));
  if (!settings.active) return Output{};
  ReferralProgram program = TRY(shown(call.transaction, settings));
  auto count = [&](ReferralStatus status) {
    return count_referrals(call.transaction,
                           {.referring_contact_id = contact.id, .status = status});
  };
  Output card{.active = true,
              .code = referral_code_of(call.caller, contact.id),
              .completed = TRY(count(ReferralStatus::completed)),
              .pending = TRY(count(ReferralStatus::pending)),
              .limit_per_contact = program.limit_per_contact,
              .completion_event = program.completion_event,
              .number_of_transactions = program.number_of_transactions,
              .yours = std::move(program.referring_incentive),
              .theirs = std::move(program.referred_incentive)};
  card.credit_name = TRY(configurations.of(call.transaction))->programme.custom_credit_name;
  if (program.form && program.form_is_open) {
    card.link = fmt::format("{}/forms/{}?referral_code={}", call.settings.public_url,
                            to_string(program.form->uuid), card.code);
  }
  return card;
}

void add_referral_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<ListReferrals>();
  catalogue.add<GetReferralSettings>();
  catalogue.add<GetReferralProgram>();
  catalogue.add<UpdateReferralProgram>(configurations);
  catalogue.add<SearchReferrals>();
  catalogue.add<GetReferralCard>(configurations);
}

}  // namespace piggy
