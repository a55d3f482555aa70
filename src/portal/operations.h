#pragma once

// What the customers' page shows, and how the shop makes it look.

#include "contact/contact_operations.h"
#include "loyalty/programme.h"
#include "operation/operation.h"

namespace piggy {

struct Brand {
  std::string company = {};
  std::string colour = {};
  std::string logo = {};
  std::string welcome = {};

  static void describe(Fields<Brand>& field);
};

struct GetBrand {
  static constexpr OperationInfo info = {
      .name = "get_brand",
      .title = "Get Brand",
      .about = "Shows how the page of the shop's customers looks: its colour, logo and welcome.",
      .verb = Verb::get,
      .path = "/brand",
      .scope = "account:read",
      .surface = Surface::platform};
  using Input = Empty;
  using Output = Brand;
  static Result<Output> run(Call& call, const Input&);
};

struct SetBrand {
  static constexpr OperationInfo info = {
      .name = "set_brand",
      .title = "Set Brand",
      .about =
          "Changes how the page of the shop's customers looks; what is left out stays. The values "
          "before are not kept.",
      .verb = Verb::put,
      .path = "/brand",
      .scope = "brand:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::optional<std::string> colour = {};
    std::optional<std::string> logo = {};
    std::optional<std::string> welcome = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Brand;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> run(Call& call, const Input& input);
};

struct GetLoyaltyCard {
  static constexpr OperationInfo info = {
      .name = "get_loyalty_card",
      .title = "Get Loyalty Card",
      .about =
          "Shows what a customer sees of the own membership: the balance, the tier, how many "
          "credits the next tier is away, and since when. Use it to tell somebody where they "
          "stand; get_contact shows all that the shop knows.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/loyalty-card",
      .scope = "contacts:read",
      .surface = Surface::platform,
      .tool = true};
  using Input = ContactByUuid;
  struct Output {
    std::string email = {};
    std::string firstname = {};
    std::int64_t balance = 0;
    std::string credit_name = {};
    std::int64_t received = 0;
    std::optional<std::string> tier = {};
    std::optional<std::string> next_tier = {};
    std::optional<std::int64_t> credits_to_next_tier = {};
    double progress = 0;
    Time member_since = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

// `configurations` outlives the catalogue.
void add_portal_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
