#include "segment/ready.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::string_view new_active_users_text = R"json({{"all": [
  {{"field": "created_at", "is": "within_days", "value": 7}},
  {{"any": [
    {{"field": "last_transaction_at", "is": "within_days", "value": 7}},
    {{"field": "visits", "days": 7}},
    {{"field": "activity", "kind": ["mail_clicked", "voucher_redeemed"], "days": 7}}]}},
  {{"field": "subscription", "subscription_type": "{}", "is": "equals", "value": "SUBSCRIBED"}},
  {{"field": "anonymous", "is": "equals", "value": false}},
  {{"not": {{"field": "activity", "kind": ["mail_bounced", "mail_complained"]}}}}]}})json";

}  // namespace

Value new_active_users(const Uuid& subscription_type) {
  auto tree = parse_json(fmt::format(new_active_users_text, to_string(subscription_type)));
  ASSERT(tree.has_value());
  return *std::move(tree);
}

}  // namespace piggy
