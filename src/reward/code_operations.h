#pragma once

// Codes of digital rewards: uploading, looking at and removing them.

#include "contact/contact.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "reward/code.h"

namespace piggy {

constexpr std::int64_t reward_codes_max = 1'000;  // In one call.

// A code that was not added, by its place in what was sent.
struct KnownRewardCode {
  std::int64_t number = 0;
  std::string code = {};

  static void describe(Fields<KnownRewardCode>& field) {
    field("number", &KnownRewardCode::number, "Which of the codes that were sent, from 1.");
    field("code", &KnownRewardCode::code, "Its last letters.", {.untrusted = true});
  }
};

struct AddRewardCodes {
  static constexpr OperationInfo info = {
      .name = "add_reward_codes",
      .title = "Add Reward Codes",
      .about =
          "Adds codes to a digital reward, up to 1000 at once. Each contact that takes the reward "
          "gets one of them, the oldest first, and no two get the same. A code that the reward has "
          "already, also one that was given out, is left out and named; the others are added. "
          "Codes stand nowhere on record.",
      .verb = Verb::post,
      .path = "/rewards/{reward_uuid}/codes",
      .scope = "rewards:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid reward_uuid = {};
    std::vector<std::string> codes = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t added = 0;
    std::vector<KnownRewardCode> known = {};
    std::int64_t stock = 0;
    static void describe(Fields<Output>& field);
  };
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> run(Call& call, const Input& input);
};

BOOST_DEFINE_ENUM_CLASS(RewardCodeState, left, given)

struct RewardCode {
  Uuid uuid = {};
  std::string code = {};
  RewardCodeState state = RewardCodeState::left;
  std::optional<ContactReference> contact = {};
  std::optional<Uuid> reward_reception_uuid = {};
  Time added_at = {};
  std::optional<Time> given_at = {};

  static void describe(Fields<RewardCode>& field);
};

struct ListRewardCodes {
  static constexpr OperationInfo info = {
      .name = "list_reward_codes",
      .title = "List Reward Codes",
      .about =
          "Lists the codes of a digital reward, oldest first, and who got which. Without the scope "
          "rewards:codes only their last letters are shown.",
      .verb = Verb::get,
      .path = "/rewards/{reward_uuid}/codes",
      .scope = "rewards:read",
      .surface = Surface::platform};
  struct Input {
    Uuid reward_uuid = {};
    std::optional<RewardCodeState> state = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<RewardCode> codes = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct RemoveRewardCodes {
  static constexpr OperationInfo info = {
      .name = "remove_reward_codes",
      .title = "Remove Reward Codes",
      .about =
          "Takes codes of a digital reward away that nobody got yet: one of them, or all that are "
          "left. Those that were given out stay. Cannot be undone; add them again instead.",
      .verb = Verb::post,
      .path = "/rewards/{reward_uuid}/codes/remove",
      .scope = "rewards:write",
      .effect = Effect::destructive,
      .surface = Surface::platform};
  struct Input {
    Uuid reward_uuid = {};
    std::optional<Uuid> code_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t removed = 0;
    std::int64_t stock = 0;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_reward_code_operations(Catalogue& catalogue);

}  // namespace piggy
