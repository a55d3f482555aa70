#include "giftcard/operations.h"

#include <fmt/format.h>

#include <cstdlib>
#include <unordered_map>

#include "contact/language.h"
#include "email/email.h"
#include "giftcard/numbers.h"
#include "giftcard/program_operations.h"
#include "giftcard/transaction.h"
#include "giftcard/transaction_operations.h"
#include "giftcard/words.h"
#include "shop/shop.h"

namespace piggy {
namespace {

namespace words = giftcard_words;

constexpr std::int64_t limit_default = 30;

// What many cards have in common is read once.
class Showing {
 public:
  explicit Showing(Call& call) : call_(call) {}

  Result<const GiftcardProgramRow*> program(std::int64_t id) {
    auto found = programs_.find(id);
    if (found == programs_.end()) {
      auto row = TRY(giftcard_program_by_id(call_.transaction, id));
      found = programs_.emplace(id, std::move(row)).first;
    }
    return &found->second;
  }

  Result<Giftcard> card(const GiftcardRow& row) {
    const GiftcardProgramRow& of = *TRY(program(row.program_id));
    Giftcard card = {
        .id = row.id,
        .uuid = row.uuid,
        .type = row.type,
        .hash = row.hash,
        .amount_in_cents = row.balance,
        .amount = static_cast<double>(row.balance) / 100,
        .upgradeable = is_upgradeable(of, row),
        .active = row.active,
        .expiration_date = row.expires_at,
        .display_amount = display_money(row.balance, call_.caller.currency),
        .url = fmt::format("{}/giftcard-balance?hash={}", call_.settings.public_url, row.hash),
        .giftcard_program = {.id = of.id,
                             .name = of.name,
                             .uuid = of.uuid,
                             .max_amount_in_cents = of.max_amount,
                             .expiration_days = of.expiration_days},
        .created_at = row.created_at};
    if (row.expires_at) {
      card.formatted_expiration_date =
          to_display(*row.expires_at, call_.caller.time_zone).substr(0, 10);
    }
    if (row.contact_id) card.contact = TRY(contact(*row.contact_id));
    return card;
  }

 private:
  Result<ContactReference> contact(std::int64_t id) {
    auto found = contacts_.find(id);
    if (found != contacts_.end()) return found->second;
    ContactReference reference = reference_to(TRY(contact_by_id(call_.transaction, id)));
    contacts_.emplace(id, reference);
    return reference;
  }

  Call& call_;
  std::unordered_map<std::int64_t, GiftcardProgramRow> programs_;
  std::unordered_map<std::int64_t, ContactReference> contacts_;
};

Result<Giftcard> shown(Call& call, const GiftcardRow& row) { return Showing(call).card(row); }

Result<GiftcardProgramRow> giving_program(Call& call, const Uuid& uuid) {
  GiftcardProgramRow program = TRY(giftcard_program_of(call.transaction, uuid));
  if (program.active) return program;
  return fail_field("/giftcard_program_uuid",
                    "The giftcard_program_uuid field names a program that gives out no cards.");
}

// `custom.message` is the one word of a client's own that our mail shows.
Result<std::string> message_in(const std::optional<Value>& merge_tags) {
  if (!merge_tags || merge_tags->is_null()) return "";
  if (merge_tags->items() && merge_tags->items()->empty()) return "";
  if (!merge_tags->members()) {
    return fail_field("/merge_tags", "The merge_tags field must be an object.");
  }
  const Value* message = merge_tags->find("custom.message");
  if (!message || message->is_null()) return "";
  if (!message->text() || message->text()->size() > 2000) {
    return fail_field("/merge_tags",
                      "The custom.message in merge_tags must be a text of at most 2000 bytes.");
  }
  return std::string(*message->text());
}

Email giftcard_email(const Call& call, const GiftcardRow& card, const ContactRow& contact,
                     const std::string& message, Language language) {
  std::string amount = display_money(card.balance, call.caller.currency);
  if (language == Language::nl) amount[amount.size() - 3] = ',';
  std::string text = words::for_you.in(language, call.caller.company, amount) + "\n\n";
  if (!message.empty()) text += message + "\n\n";
  text += words::code.in(language, card.hash) + "\n";
  if (card.expires_at) {
    std::string day = to_display(*card.expires_at, call.caller.time_zone).substr(0, 10);
    text += words::good_until.in(language, day) + "\n";
  }
  return {.from = call.settings.mail_from,
          .to = contact.email,
          .subject = words::subject.in(language, call.caller.company),
          .text = std::move(text)};
}

}  // namespace

std::string display_money(std::int64_t cents, std::string_view currency) {
  std::string sign(currency);
  if (currency == "EUR") sign = "\u20ac";
  if (currency == "USD") sign = "$";
  if (currency == "GBP") sign = "\u00a3";
  if (sign == currency) sign += ' ';
  std::int64_t whole = std::abs(cents);
  return fmt::format("{}{}{}.{:02}", cents < 0 ? "-" : "", sign, whole / 100, whole % 100);
}

Result<ListGiftcards::Output> ListGiftcards::run(Call& call, const Input& input) {
  GiftcardFilter filter;
  if (input.giftcard_program_uuid) {
    filter.program_id = TRY(giftcard_program_of(call.transaction, *input.giftcard_program_uuid)).id;
  }
  Page page = page_of(input.page, input.limit, limit_default);
  auto rows = TRY(giftcards_on(call.transaction, filter, page));
  Output output = {.meta = counted(page)};
  Showing showing(call);
  for (const GiftcardRow& row : rows) {
    const GiftcardProgramRow& program = *TRY(showing.program(row.program_id));
    output.giftcards.push_back({.uuid = row.uuid,
                                .type = row.type,
                                .hash = row.hash,
                                .expiration_date = row.expires_at,
                                .active = row.active,
                                .upgradeable = is_upgradeable(program, row),
                                .amount_in_cents = row.balance,
                                .giftcard_program = {program.uuid, program.name}});
  }
  return output;
}

Result<Giftcard> GetGiftcard::run(Call& call, const Input& input) {
  return shown(call, TRY(giftcard_of(call.transaction, input.uuid)));
}

Result<Giftcard> FindGiftcard::run(Call& call, const Input& input) {
  return shown(call, TRY(giftcard_by_hash(call.transaction, input.hash)));
}

Result<Giftcard> CreateGiftcard::run(Call& call, const Input& input) {
  if (input.type == 0) return giftcard_physical();
  GiftcardProgramRow program = TRY(giving_program(call, input.giftcard_program_uuid));
  GiftcardRow card = TRY(make_giftcard(call.transaction, {.program = program}));
  call.changes("gift cards of " + program.name, nullptr, "one more");
  return shown(call, card);
}

Result<SendGiftcardByEmail::Output> SendGiftcardByEmail::run(Call& call, const Input& input) {
  GiftcardRow card = TRY(giftcard_of(call.transaction, input.uuid));
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  std::string message = TRY(message_in(input.merge_tags));
  if (!card.active) return giftcard_not_valid();
  if (card.expires_at && *card.expires_at <= call.now()) return giftcard_expired();
  if (contact.is_anonymous) {
    return fail_field("/contact_uuid",
                      "The contact_uuid field names a contact without an address.");
  }
  if (card.contact_id && card.contact_id != contact.id) {
    return fail_field("/contact_uuid", "The contact_uuid field is not the gift card's contact.");
  }
  card.contact_id = contact.id;
  TRY(update_giftcard(call.transaction, card));
  Language language = TRY(language_for(call.transaction, contact.id));
  TRY(queue_email(call.transaction, giftcard_email(call, card, contact, message, language)));
  call.changes("mail to " + contact.email, nullptr, "the gift card's code");
  return Output{};
}

Result<SearchGiftcards::Output> SearchGiftcards::run(Call& call, const Input& input) {
  GiftcardFilter filter = {.hash = input.hash, .newest_first = true};
  if (input.giftcard_program_uuid) {
    filter.program_id = TRY(giftcard_program_of(call.transaction, *input.giftcard_program_uuid)).id;
  }
  if (input.contact_uuid) {
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  }
  Output output = {.page = page_of(input.page, input.limit, limit_default)};
  Showing showing(call);
  for (const GiftcardRow& row : TRY(giftcards_on(call.transaction, filter, output.page))) {
    output.giftcards.push_back(TRY(showing.card(row)));
  }
  return output;
}

Result<IssueGiftcards::Output> IssueGiftcards::run(Call& call, const Input& input) {
  GiftcardProgramRow program = TRY(giving_program(call, input.giftcard_program_uuid));
  std::optional<std::int64_t> contact_id;
  if (input.contact_uuid) contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  std::optional<std::int64_t> shop_id;
  if (input.shop_uuid) shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  if (input.amount_in_cents && !shop_id) {
    return fail_field("/shop_uuid",
                      "The shop_uuid field is required when amount_in_cents is present.");
  }
  std::int64_t quantity = input.quantity.value_or(1);
  Output output;
  Showing showing(call);
  for (std::int64_t i = 0; i < quantity; i++) {
    GiftcardRow card =
        TRY(make_giftcard(call.transaction, {.program = program,
                                             .type = input.type.value_or(GiftcardType::DIGITAL),
                                             .contact_id = contact_id}));
    if (input.amount_in_cents) {
      TRY(post(call.transaction, program, card,
               {.amount = *input.amount_in_cents, .shop_id = *shop_id, .channel = call.channel()}));
    }
    output.giftcards.push_back(TRY(showing.card(card)));
  }
  std::int64_t worth = input.amount_in_cents.value_or(0) * quantity;
  call.changes("new gift cards of " + program.name, 0, quantity);
  call.changes("what is on them", display_money(0, call.caller.currency),
               display_money(worth, call.caller.currency));
  return output;
}

Result<Giftcard> UpdateGiftcard::run(Call& call, const Input& input) {
  GiftcardRow card = TRY(giftcard_of(call.transaction, input.uuid));
  if (input.active && *input.active != card.active) {
    call.changes("whether gift card " + card.hash + " can be used", card.active, *input.active);
    card.active = *input.active;
  }
  if (input.contact_uuid) {
    ContactRow contact = TRY(contact_of(call.transaction, *input.contact_uuid));
    if (card.contact_id != contact.id) {
      call.changes("contact of gift card " + card.hash, nullptr, contact.email);
    }
    card.contact_id = contact.id;
  }
  TRY(update_giftcard(call.transaction, card));
  return shown(call, card);
}

void add_giftcard_operations(Catalogue& catalogue) {
  add_giftcard_program_operations(catalogue);
  catalogue.add<ListGiftcards>();
  catalogue.add<GetGiftcard>();
  catalogue.add<FindGiftcard>();
  catalogue.add<CreateGiftcard>();
  catalogue.add<SendGiftcardByEmail>();
  catalogue.add<SearchGiftcards>();
  catalogue.add<IssueGiftcards>();
  catalogue.add<UpdateGiftcard>();
  add_giftcard_transaction_operations(catalogue);
}

}  // namespace piggy
