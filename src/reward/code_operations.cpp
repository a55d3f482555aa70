#include "reward/code_operations.h"

#include <fmt/format.h>

#include "event/event.h"
#include "reward/reception.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 30;
constexpr std::size_t code_bytes_max = 500;

Result<RewardRow> digital_reward(Call& call, const Uuid& uuid) {
  RewardRow reward = TRY(reward_of(call.transaction, uuid));
  if (reward.reward_type == RewardType::DIGITAL) return reward;
  return fail_field("/reward_uuid", "This reward is a thing; only digital rewards have codes.");
}

// With the stock as it is now: pages that show it ask again.
Result<std::int64_t> stock_after(Call& call, const RewardRow& reward) {
  std::int64_t stock = TRY(count_reward_codes(call.transaction, reward));
  call.changes("stock of " + reward.title, reward.stock.value_or(0), stock);
  Value about = Value::object({{"uuid", to_string(reward.uuid)}, {"title", reward.title}});
  TRY(emit(call.transaction, "reward_updated", reward.uuid,
           Value::object({{"reward", std::move(about)}})));
  return stock;
}

}  // namespace

void AddRewardCodes::check(const Input& input, std::vector<FieldError>& problems) {
  for (std::size_t i = 0; i < input.codes.size(); i++) {
    std::string path = fmt::format("/codes/{}", i);
    if (input.codes[i].find_first_not_of(" \t\r\n") == std::string::npos) {
      problems.push_back({path, "A code must not be blank."});
    } else if (input.codes[i].size() > code_bytes_max) {
      problems.push_back({path, "A code may not be longer than 500 bytes."});
    }
  }
}

Result<AddRewardCodes::Output> AddRewardCodes::run(Call& call, const Input& input) {
  RewardRow reward = TRY(digital_reward(call, input.reward_uuid));
  Output output;
  for (std::size_t i = 0; i < input.codes.size(); i++) {
    const std::string& code = input.codes[i];
    if (TRY(add_reward_code(call.transaction, reward, code))) {
      output.added++;
    } else {
      output.known.push_back(
          {.number = static_cast<std::int64_t>(i) + 1, .code = masked_code(code)});
    }
  }
  output.stock = TRY(stock_after(call, reward));
  return output;
}

Result<ListRewardCodes::Output> ListRewardCodes::run(Call& call, const Input& input) {
  RewardRow reward = TRY(digital_reward(call, input.reward_uuid));
  Output output = {.page = page_of(input.page, input.limit, limit_default)};
  std::optional<bool> given;
  if (input.state) given = input.state == RewardCodeState::given;
  bool in_full = may_read_codes(call.caller);
  for (const RewardCodeRow& row :
       TRY(reward_codes_on(call.transaction, reward, given, output.page))) {
    RewardCode code = {.uuid = row.uuid,
                       .code = in_full ? row.code : masked_code(row.code),
                       .state = row.reception_id ? RewardCodeState::given : RewardCodeState::left,
                       .added_at = row.added_at,
                       .given_at = row.given_at};
    if (row.reception_id) {
      auto reception = TRY(reward_reception_by_id(call.transaction, *row.reception_id));
      code.reward_reception_uuid = reception.uuid;
      code.contact = reference_to(TRY(contact_by_id(call.transaction, reception.contact_id)));
    }
    output.codes.push_back(std::move(code));
  }
  return output;
}

Result<RemoveRewardCodes::Output> RemoveRewardCodes::run(Call& call, const Input& input) {
  RewardRow reward = TRY(digital_reward(call, input.reward_uuid));
  std::int64_t removed = TRY(remove_reward_codes(call.transaction, reward, input.code_uuid));
  if (removed == 0 && input.code_uuid) {
    return fail(ErrorCode::not_found, "This reward has no such code that is left.");
  }
  return Output{.removed = removed, .stock = TRY(stock_after(call, reward))};
}

void add_reward_code_operations(Catalogue& catalogue) {
  catalogue.add<AddRewardCodes>();
  catalogue.add<ListRewardCodes>();
  catalogue.add<RemoveRewardCodes>();
}

// Descriptions ------------------------------------------------------------------------------------

void AddRewardCodes::Input::describe(Fields<Input>& field) {
  field("reward_uuid", &Input::reward_uuid, "The digital reward.");
  field("codes", &Input::codes, "The codes, each as the customer will read it.",
        {.min = 1, .max = reward_codes_max, .format = Format::secret});
}

void AddRewardCodes::Output::describe(Fields<Output>& field) {
  field("added", &Output::added, "How many codes were added.");
  field("known", &Output::known, "Those that were left out, because the reward has them already.");
  field("stock", &Output::stock, "How many are left now.");
}

void RewardCode::describe(Fields<RewardCode>& field) {
  field("uuid", &RewardCode::uuid, "The code's own number, to remove it.");
  field("code", &RewardCode::code, "The code, or its last letters.", {.untrusted = true});
  field("state", &RewardCode::state, "left until somebody gets it; given for good.");
  field("contact", &RewardCode::contact, "Who got it.");
  field("reward_reception_uuid", &RewardCode::reward_reception_uuid,
        "The reward reception that it was given with.");
  field("added_at", &RewardCode::added_at, "When it was added.");
  field("given_at", &RewardCode::given_at, "When it was given.");
}

void ListRewardCodes::Input::describe(Fields<Input>& field) {
  field("reward_uuid", &Input::reward_uuid, "The digital reward.");
  field("state", &Input::state, "Only what is left, or only what was given.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListRewardCodes::Output::describe(Fields<Output>& field) {
  field("codes", &Output::codes, "The codes, oldest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void RemoveRewardCodes::Input::describe(Fields<Input>& field) {
  field("reward_uuid", &Input::reward_uuid, "The digital reward.");
  field("code_uuid", &Input::code_uuid, "The one to remove; all that are left when not given.");
}

void RemoveRewardCodes::Output::describe(Fields<Output>& field) {
  field("removed", &Output::removed, "How many were removed.");
  field("stock", &Output::stock, "How many are left now.");
}

}  // namespace piggy
