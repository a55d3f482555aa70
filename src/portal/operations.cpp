#include "portal/operations.h"

#include <algorithm>

#include "contact/contact_view.h"
#include "ledger/ledger.h"
#include "portal/brand.h"
#include "tier/tier.h"

namespace piggy {
namespace {

constexpr double contrast_min = 4.5;
// Pictures that can hold no script, or whose scripts no browser runs in a picture.
constexpr std::string_view logo_kinds[] = {"data:image/png;base64,", "data:image/jpeg;base64,",
                                           "data:image/webp;base64,", "data:image/svg+xml;base64,"};

Brand shown(const Call& call, const BrandRow& row) {
  return {.company = call.caller.company,
          .colour = row.colour,
          .logo = row.logo,
          .welcome = row.welcome};
}

bool is_colour(std::string_view text) {
  auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return text.size() == 7 && text[0] == '#' && std::ranges::all_of(text.substr(1), is_digit);
}

bool is_picture(std::string_view text) {
  auto kind = std::ranges::find_if(logo_kinds,
                                   [&](std::string_view begin) { return text.starts_with(begin); });
  if (kind == std::end(logo_kinds)) return false;
  auto is_base64 = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '/' || c == '=';
  };
  return std::ranges::all_of(text.substr(kind->size()), is_base64);
}

}  // namespace

Result<Brand> GetBrand::run(Call& call, const Input&) {
  return shown(call, TRY(brand_of(call.transaction)));
}

void SetBrand::check(const Input& input, std::vector<FieldError>& problems) {
  if (input.colour && !is_colour(*input.colour)) {
    problems.push_back({"/colour", "The colour must be # and six hexadecimal digits: #b92f63."});
  } else if (input.colour && contrast_with_white(*input.colour) < contrast_min) {
    problems.push_back({"/colour",
                        "White text cannot be read well on this colour. Choose a darker one: a "
                        "contrast of 4.5 is needed."});
  }
  if (input.logo && !input.logo->empty() && !is_picture(*input.logo)) {
    problems.push_back(
        {"/logo", "The logo must be a data URL of a PNG, JPEG, WebP or SVG picture."});
  }
}

Result<Brand> SetBrand::run(Call& call, const Input& input) {
  BrandRow brand = TRY(brand_of(call.transaction));
  auto change = [&](const char* what, std::string& value, const std::optional<std::string>& given) {
    if (!given || *given == value) return;
    bool picture = &value == &brand.logo;
    call.changes(what, picture ? Value(value.empty() ? "none" : "a picture") : Value(value),
                 picture ? Value(given->empty() ? "none" : "another picture") : Value(*given));
    value = *given;
  };
  change("colour of the customers' page", brand.colour, input.colour);
  change("logo of the customers' page", brand.logo, input.logo);
  change("welcome of the customers' page", brand.welcome, input.welcome);
  TRY(set_brand(call.transaction, brand));
  return shown(call, brand);
}

Result<GetLoyaltyCard::Output> GetLoyaltyCard::run(Configurations& configurations, Call& call,
                                                   const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  ContactRecord record = TRY(contact_record(call.transaction, contact.id));
  auto configuration = TRY(configurations.of(call.transaction));
  MemberRow* member = TRY(member_of(call.transaction, contact.id));
  Output card{.email = contact.email,
              .firstname = std::string(record.attributes.text_of("firstname")),
              .balance = TRY(balance_of(call.transaction, contact.id)),
              .credit_name = configuration->programme.custom_credit_name,
              .received = member ? member->received : 0,
              .member_since = record.created_at};
  const TierRow* tier = configuration->tier_by_id(member ? member->tier_id : 0);
  if (tier) card.tier = tier->name;
  for (const TierRow& next : configuration->tiers) {
    if (next.credits_required <= card.received) continue;
    std::int64_t begin = tier ? tier->credits_required : 0;
    card.next_tier = next.name;
    card.credits_to_next_tier = next.credits_required - card.received;
    card.progress = std::clamp(static_cast<double>(card.received - begin) /
                                   static_cast<double>(next.credits_required - begin),
                               0.0, 1.0);
    return card;
  }
  card.progress = tier ? 1 : 0;
  return card;
}

void add_portal_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<GetBrand>();
  catalogue.add<SetBrand>();
  catalogue.add<GetLoyaltyCard>(configurations);
}

// Descriptions ------------------------------------------------------------------------------------

void Brand::describe(Fields<Brand>& field) {
  field("company", &Brand::company, "The shop's name.");
  field("colour", &Brand::colour, "The colour of buttons and links, such as #b92f63.");
  field("logo", &Brand::logo, "A picture, as a data URL; empty: none.");
  field("welcome", &Brand::welcome, "What customers read before they sign in.");
}

void SetBrand::Input::describe(Fields<Input>& field) {
  field(
      "colour", &Input::colour,
      "The colour of buttons and links: # and six hexadecimal digits, dark enough for white text.",
      {.max = 7});
  field("logo", &Input::logo,
        "A PNG, JPEG, WebP or SVG picture as a data URL with base64; empty: none.",
        {.max = 200'000});
  field("welcome", &Input::welcome, "What customers read before they sign in.", {.max = 500});
}

void GetLoyaltyCard::Output::describe(Fields<Output>& field) {
  field("email", &Output::email, "The contact's address.", {.untrusted = true});
  field("firstname", &Output::firstname, "The first name; empty when it is not known.",
        {.untrusted = true});
  field("balance", &Output::balance, "The credits that the contact holds.");
  field("credit_name", &Output::credit_name, "What credits are called in this shop.");
  field("received", &Output::received, "All credits ever received, which tiers go by.");
  field("tier", &Output::tier, "The tier; null for none.");
  field("next_tier", &Output::next_tier, "The tier above; null in the highest.");
  field("credits_to_next_tier", &Output::credits_to_next_tier,
        "How many credits are still to be received for it.");
  field("progress", &Output::progress, "How far it is to the tier above, from 0 to 1.");
  field("member_since", &Output::member_since, "Since when the contact is known.");
}

}  // namespace piggy
