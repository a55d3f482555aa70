#pragma once

// What an account says of itself: changed by who owns it.

#include "operation/operation.h"

namespace piggy {

struct AccountSettings {
  std::string company = {};
  std::string time_zone = {};
  std::string currency = {};
  static void describe(Fields<AccountSettings>& field);
};

struct GetAccountSettings {
  static constexpr OperationInfo info = {
      .name = "get_account_settings",
      .title = "Get Account Settings",
      .about = "Shows the company's name, the time zone of its days, and its currency.",
      .verb = Verb::get,
      .path = "/account/settings",
      .scope = "account:read",
      .surface = Surface::platform};
  using Input = Empty;
  using Output = AccountSettings;
  static Result<Output> run(Call& call, const Input&);
};

struct UpdateAccountSettings {
  static constexpr OperationInfo info = {
      .name = "update_account_settings",
      .title = "Update Account Settings",
      .about =
          "Changes the company's name, the time zone, or the currency. What is not given stays. "
          "From now on days begin by the new zone, in charts also those that are past; what was "
          "counted by days as it happened, such as active contacts, stays as it is. The currency "
          "is "
          "the name of amounts: none is converted. For people who are signed in.",
      .verb = Verb::put,
      .path = "/account/settings",
      .scope = "account:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::optional<std::string> company = {};
    std::optional<std::string> time_zone = {};
    std::optional<std::string> currency = {};
    static void describe(Fields<Input>& field);
  };
  using Output = AccountSettings;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
