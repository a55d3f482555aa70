#include "referral/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/lower_case.h"
#include "contact/referral_code.h"
#include "event/event.h"
#include "loyalty/reception.h"
#include "referral/referral.h"
#include "referral/settings.h"
#include "voucher/voucher.h"

namespace piggy {
namespace {

constexpr std::string_view channel = "REFERRAL";
constexpr std::string_view earned_event = "credit_reception_created";

// What happens next to a referral: `contact` is whom the automation is about.
struct Told {
  ContactReference contact = {};
  Referral referral = {};

  static void describe(Fields<Told>& field) {
    field("contact", &Told::contact, "Who is told of.");
    field("referral", &Told::referral, "The referral.");
  }
};

struct ToldOutside {
  Referral referral = {};

  static void describe(Fields<ToldOutside>& field) {
    field("referral", &ToldOutside::referral, "The referral.");
  }
};

// Nothing, when the contact is gone meanwhile.
Result<std::optional<ContactRow>> contact_if_there(Transaction& transaction,
                                                   const std::optional<Uuid>& uuid) {
  if (!uuid) return std::nullopt;
  auto contact = contact_of(transaction, *uuid);
  if (contact) return *std::move(contact);
  if (contact.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(std::move(contact).error());
}

// One batch of events of one account.
class Following {
 public:
  Following(Configurations& configurations, Transaction& transaction, ReferralSettingsRow settings)
      : configurations_(configurations),
        transaction_(transaction),
        settings_(std::move(settings)) {}

  Result<> follow(const EventRow& event) {
    return event.type == contact_referred_event ? begin(event) : count(event);
  }

 private:
  Result<> begin(const EventRow& event) {
    const Value* by = event.payload.find("referring_contact");
    if (!by) return {};  // Emptied: forgotten meanwhile.
    auto newcomer = TRY(contact_if_there(transaction_, event.subject));
    auto referring = TRY(contact_if_there(transaction_, parse_uuid(by->text_of("uuid"))));
    if (!newcomer || !referring || is_same_mailbox(newcomer->email, referring->email)) return {};
    auto referral = TRY(begin_referral(transaction_, *referring, *newcomer));
    if (referral && settings_.completion_event == ReferralEvent::contact_creation) {
      return complete(*referral);
    }
    return {};
  }

  // What a referral gave is nothing that the newcomer did, and what is taken back counts no longer.
  Result<> count(const EventRow& event) {
    if (settings_.completion_event != ReferralEvent::loyalty_transaction) return {};
    if (!TRY(any_is_pending(transaction_))) return {};
    auto contact = TRY(contact_if_there(transaction_, contact_in(event)));
    if (!contact) return {};
    auto referral = TRY(pending_referral_of(transaction_, *contact));
    if (!referral) return {};
    StoredReception reception = TRY(reception_of(transaction_, event.subject));
    if (reception.reverses) {
      referral->transactions = std::max<std::int64_t>(0, referral->transactions - 1);
    } else if (reception.credits > 0 && reception.channel != channel) {
      referral->transactions++;
    }
    if (referral->transactions >= settings_.number_of_transactions) return complete(*referral);
    return update_referral(transaction_, *referral);
  }

  Result<> complete(ReferralRow& referral) {
    std::int64_t before =
        TRY(count_referrals(transaction_, {.referring_contact_id = referral.referring_contact_id,
                                           .status = ReferralStatus::completed}));
    bool counts = !settings_.limit_per_contact || before < *settings_.limit_per_contact;
    referral.status = counts ? ReferralStatus::completed : ReferralStatus::failed;
    referral.ended_at = transaction_.now();
    TRY(update_referral(transaction_, referral));
    if (!counts) return {};
    TRY(reward(referral, referral.referring_contact_id, referring_incentive(settings_)));
    TRY(reward(referral, referral.referred_contact_id, referred_incentive(settings_)));
    return tell(referral);
  }

  Result<> reward(const ReferralRow& referral, std::int64_t contact_id,
                  const Incentive& incentive) {
    ContactRow contact = TRY(contact_by_id(transaction_, contact_id));
    switch (incentive.type) {
      case IncentiveType::loyalty_points:
        return give_points(referral, contact, incentive.points);
      case IncentiveType::voucher:
        return give_one_voucher(referral, contact, *incentive.promotion_id);
      case IncentiveType::nothing:
        return {};
    }
    return {};
  }

  // Never more than the programme gives at once: it may have been changed since the settings were.
  Result<> give_points(const ReferralRow& referral, const ContactRow& contact,
                       std::int64_t points) {
    auto configuration = TRY(configurations_.of(transaction_));
    ShopRow shop = TRY(shop_by_id(transaction_, *settings_.shop_id));
    auto unit = std::ranges::find_if(configuration->units, &UnitRow::is_default);
    if (unit == configuration->units.end()) unit = configuration->units.begin();
    TRY(give_credits(transaction_, *configuration,
                     {.contact = contact,
                      .shop = shop,
                      .unit = *unit,
                      .credits = std::min(points, configuration->programme.max_amount),
                      .channel = channel,
                      .source = std::string(referral_source),
                      .reference = fmt::format("{} {}", to_string(referral.uuid), contact.id)}));
    return {};
  }

  // None when the promotion gives out no more.
  Result<> give_one_voucher(const ReferralRow& referral, const ContactRow& contact,
                            std::int64_t promotion_id) {
    PromotionRow promotion = TRY(promotion_by_id(transaction_, promotion_id));
    std::string code = TRY(unused_code(transaction_));
    TRY(give_voucher(transaction_, promotion, contact.id, code,
                     to_json(Value::object({{"referral", to_string(referral.uuid)}}))));
    return {};
  }

  Result<> tell(const ReferralRow& row) {
    Referral referral = TRY(shown(transaction_, row));
    TRY(emit(transaction_, "referral_completed", row.uuid, ToldOutside{referral}));
    TRY(emit(transaction_, "referral_completed_by_contact", row.uuid,
             Told{referral.referring_contact, referral}));
    return emit(transaction_, "referral_completed_for_contact", row.uuid,
                Told{referral.referred_contact, referral});
  }

  Configurations& configurations_;
  Transaction& transaction_;
  const ReferralSettingsRow settings_;
};

}  // namespace

void add_referral_follower(Followers& followers, Configurations& configurations) {
  followers.follow("referrals",
                   [&configurations](Transaction& transaction, EventRefs events) -> Result<> {
                     ReferralSettingsRow settings = TRY(referral_settings_of(transaction));
                     if (!settings.active) return {};
                     Following following(configurations, transaction, std::move(settings));
                     for (const EventRow& event : events) TRY(following.follow(event));
                     return {};
                   },
                   {contact_referred_event, earned_event});
}

bool is_same_mailbox(std::string_view address, std::string_view other) {
  auto mailbox = [](std::string_view text) {
    std::string whole = lower_case(text);
    std::size_t at = std::min(whole.rfind('@'), whole.size());
    std::size_t plus = std::min(whole.find('+'), at);
    return whole.erase(plus, at - plus);
  };
  return mailbox(address) == mailbox(other);
}

}  // namespace piggy
