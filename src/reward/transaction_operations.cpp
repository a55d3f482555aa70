#include "reward/transaction_operations.h"

#include <algorithm>

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 10;
constexpr std::int64_t limit_max = 100;

Result<bool> oldest_first(const std::optional<std::string>& sort) {
  if (!sort || *sort == "-created_at") return false;
  if (*sort == "created_at") return true;
  return fail_field("/sort", "The sort must be one of created_at, -created_at.");
}

bool wants(std::optional<LoyaltyTransactionType> type, LoyaltyTransactionType one,
           LoyaltyTransactionType other) {
  return !type || type == one || type == other;
}

LoyaltyTransaction as_transaction(CreditReception one) {
  return {.type = std::move(one.type),
          .uuid = one.uuid,
          .credits = one.credits,
          .created_at = one.created_at,
          .channel = std::move(one.channel),
          .contact = std::move(one.contact),
          .shop = std::move(one.shop),
          .contact_identifier = std::move(one.contact_identifier),
          .unit = std::move(one.unit),
          .unit_value = one.unit_value,
          .attributes = std::move(one.attributes)};
}

LoyaltyTransaction as_transaction(RewardReception one) {
  return {.type = std::move(one.type),
          .uuid = one.uuid,
          .credits = one.credits,
          .created_at = one.created_at,
          .channel = std::move(one.channel),
          .contact = std::move(one.contact),
          .shop = std::move(one.shop),
          .contact_identifier = std::move(one.contact_identifier),
          .title = std::move(one.title),
          .reward = std::move(one.reward),
          .expires_at = one.expires_at,
          .has_been_collected = one.has_been_collected,
          .digital_reward = std::move(one.digital_reward),
          .digital_reward_code = std::move(one.digital_reward_code),
          .attributes = Value::object()};
}

// The list that both kinds together make, in the order of their ids, which come from one counter.
// Neither kind is read but for the page, wherever that is.
class Both {
 public:
  Both(Configurations& configurations, Call& call, const ReceptionFilter& filter)
      : configurations_(configurations),
        call_(call),
        transaction_(call.transaction),
        credits_(filter) {
    rewards_ = {.contact_id = filter.contact_id,
                .shop_id = filter.shop_id,
                .from = filter.from,
                .until = filter.until,
                .oldest_first = filter.oldest_first};
  }

  Result<> count(bool credits, bool rewards) {
    if (credits) {
      credits_.limit = 0;
      credits_total_ = TRY(find_receptions(transaction_, credits_)).total;
    }
    if (rewards) rewards_total_ = TRY(count_reward_receptions(transaction_, rewards_));
    return {};
  }

  std::int64_t total() const { return credits_total_ + rewards_total_; }

  Result<std::vector<LoyaltyTransaction>> part(std::int64_t offset, std::int64_t limit) {
    std::int64_t credits = TRY(credits_before(std::min(offset, total())));
    std::vector<std::pair<std::int64_t, LoyaltyTransaction>> found;
    if (credits_total_ > 0) {
      auto configuration = TRY(configurations_.of(transaction_));
      for (const StoredReception& one : TRY(credits_from(credits, limit))) {
        found.emplace_back(one.id, as_transaction(shown(*configuration, one)));
      }
    }
    if (rewards_total_ > 0) {
      auto rows = TRY(rewards_from(offset - credits, limit));
      auto receptions = TRY(shown(call_, rows));
      for (std::size_t i = 0; i < rows.size(); i++) {
        found.emplace_back(rows[i].id, as_transaction(std::move(receptions[i])));
      }
    }
    std::ranges::sort(found,
                      [&](const auto& a, const auto& b) { return precedes(a.first, b.first); });
    std::vector<LoyaltyTransaction> page;
    for (auto& [id, transaction] : found) {
      if (std::ssize(page) < limit) page.push_back(std::move(transaction));
    }
    return page;
  }

 private:
  bool precedes(std::int64_t a, std::int64_t b) const {
    return credits_.oldest_first ? a < b : a > b;
  }

  // How many of the first so many of both are credits: by halving, as in the middle of a merge.
  Result<std::int64_t> credits_before(std::int64_t offset) {
    std::int64_t low = std::max<std::int64_t>(0, offset - rewards_total_);
    std::int64_t high = std::min(offset, credits_total_);
    while (low < high) {
      std::int64_t middle = (low + high) / 2;
      std::int64_t credit = TRY(credits_from(middle, 1)).at(0).id;
      std::int64_t reward = TRY(rewards_from(offset - middle - 1, 1)).at(0).id;
      if (precedes(credit, reward)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  Result<std::vector<StoredReception>> credits_from(std::int64_t offset, std::int64_t limit) {
    credits_.offset = offset;
    credits_.limit = limit;
    return TRY(find_receptions(transaction_, credits_)).receptions;
  }

  Result<std::vector<RewardReceptionRow>> rewards_from(std::int64_t offset, std::int64_t limit) {
    return reward_receptions_from(transaction_, rewards_, offset, limit);
  }

  Configurations& configurations_;
  Call& call_;
  Transaction& transaction_;
  ReceptionFilter credits_;
  RewardReceptionFilter rewards_;
  std::int64_t credits_total_ = 0;
  std::int64_t rewards_total_ = 0;
};

Result<LoyaltyTransactionPage> page_with(Configurations& configurations, Call& call,
                                         const ReceptionFilter& filter, Page page,
                                         std::optional<LoyaltyTransactionType> type) {
  using enum LoyaltyTransactionType;
  Both both(configurations, call, filter);
  TRY(both.count(wants(type, credit_receptions, credit_reception),
                 wants(type, reward_receptions, reward_reception)));
  page.total = both.total();
  return LoyaltyTransactionPage{.loyalty_transactions = TRY(both.part(page.offset(), page.limit)),
                                .page = page};
}

}  // namespace

Result<LoyaltyTransactionPage> ListLoyaltyTransactions::run(Configurations& configurations,
                                                            Call& call, const Input& input) {
  ReceptionFilter filter{.oldest_first = TRY(oldest_first(input.sort))};
  if (input.contact_uuid)
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  if (input.shop_uuid) filter.shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  if (const auto& range = input.created_at) {
    filter.from = range->from();
    filter.until = range->until();
  }
  return page_with(configurations, call, filter, page_of(input.page, input.limit, limit_default),
                   input.type);
}

Result<LoyaltyTransactionPage> ListContactLoyaltyTransactions::run(Configurations& configurations,
                                                                   Call& call, const Input& input) {
  ReceptionFilter filter{.contact_id = TRY(contact_of(call.transaction, input.contact_uuid)).id};
  return page_with(configurations, call, filter, page_of(input.page, input.limit, limit_default),
                   input.type);
}

void add_loyalty_transaction_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<ListLoyaltyTransactions>(configurations);
  catalogue.add<ListContactLoyaltyTransactions>(configurations);
}

// Descriptions ------------------------------------------------------------------------------------

void LoyaltyTransaction::describe(Fields<LoyaltyTransaction>& field) {
  using One = LoyaltyTransaction;
  field("type", &One::type, "credit_reception, reward_reception or digital_reward_reception.");
  field("uuid", &One::uuid, "The transaction; needed to reverse it.");
  field("credits", &One::credits, "Credits given; negative when they were taken or spent.");
  field("created_at", &One::created_at, "When.");
  field("channel", &One::channel, "How it came in.");
  field("contact", &One::contact, "Whose it is, with the balance after it.");
  field("shop", &One::shop, "Where.");
  field("contact_identifier", &One::contact_identifier, "The card that was shown.");
  field("unit", &One::unit, "What unit_value is counted in; null for a reward.");
  field("unit_value", &One::unit_value,
        "The value that earned them; null when the credits were given outright.");
  field("title", &One::title, "The reward's name when it was taken; null for credits.");
  field("reward", &One::reward, "The reward as it is now; null for credits.");
  field("expires_at", &One::expires_at, "Until when the reward can be collected.");
  field("has_been_collected", &One::has_been_collected,
        "Whether the reward was handed over; null for credits.");
  field("digital_reward", &One::digital_reward,
        "The digital reward as it is now; null for a thing and for credits.");
  field("digital_reward_code", &One::digital_reward_code,
        "The code that was given with it; its last letters for who may not read codes.");
  field("attributes", &One::attributes,
        "Every loyalty transaction attribute of credits by its name, null when unset.",
        {.flat = true, .untrusted = true});
}

void ListLoyaltyTransactions::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("shop_uuid", &Input::shop_uuid, "Only at this shop.");
  field("type", &Input::type, "Only credit receptions or only reward receptions.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000'000});
  field("limit", &Input::limit, "How many a page holds; 10 if missing.",
        {.min = 1, .max = limit_max});
  field("sort", &Input::sort, "created_at: oldest first; -created_at (the default): newest first.");
  field("created_at", &Input::created_at, "Only within this time.");
}

void ListContactLoyaltyTransactions::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "The contact.");
  field("type", &Input::type, "Only credit receptions or only reward receptions.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000'000});
  field("limit", &Input::limit, "How many a page holds; 10 if missing.",
        {.min = 1, .max = limit_max});
}

}  // namespace piggy
