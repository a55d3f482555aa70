#include "webhook/payload.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>

#include "shape/json.h"
#include "voucher/operations.h"

namespace piggy {
namespace {

// What is told of by its uuid alone.
struct Other {
  Uuid uuid = {};
  static void describe(Fields<Other>& field) { field("uuid", &Other::uuid, "It."); }
};

// As section 13.3 shows one.
struct ToldVoucher {
  Uuid uuid = {};
  std::string code = {};
  VoucherStatus status = VoucherStatus::ACTIVE;
  std::string name = {};
  std::string description = {};
  std::optional<Time> expiration_date = {};
  std::optional<Time> activation_date = {};
  std::optional<Time> redeemed_at = {};
  bool is_redeemed = false;
  std::optional<Other> contact = {};
  Other promotion = {};

  static void describe(Fields<ToldVoucher>& field) {
    field("uuid", &ToldVoucher::uuid, "The voucher.");
    field("code", &ToldVoucher::code, "Its code.");
    field("status", &ToldVoucher::status, "Its state.");
    field("name", &ToldVoucher::name, "What it is called.");
    field("description", &ToldVoucher::description, "What it is for.");
    field("expiration_date", &ToldVoucher::expiration_date, "When it ends.");
    field("activation_date", &ToldVoucher::activation_date, "When it begins.");
    field("redeemed_at", &ToldVoucher::redeemed_at, "When it was redeemed.");
    field("is_redeemed", &ToldVoucher::is_redeemed, "Whether it was.");
    field("contact", &ToldVoucher::contact, "Whose it is.");
    field("promotion", &ToldVoucher::promotion, "Its promotion.");
  }
};

Result<std::optional<Value>> voucher_data(Transaction& transaction, const Uuid& uuid) {
  auto row = voucher_of(transaction, uuid);
  if (!row && row.error().code == ErrorCode::not_found) return std::nullopt;
  if (!row) return fail(std::move(row.error()));
  Voucher voucher = TRY(shown(transaction, *row));
  ToldVoucher told{.uuid = voucher.uuid,
                   .code = std::move(voucher.code),
                   .status = voucher.status,
                   .name = std::move(voucher.name),
                   .description = std::move(voucher.description),
                   .expiration_date = voucher.expiration_date,
                   .activation_date = voucher.activation_date,
                   .redeemed_at = voucher.redeemed_at,
                   .is_redeemed = voucher.is_redeemed,
                   .promotion = {voucher.promotion.uuid}};
  if (voucher.contact) told.contact = Other{voucher.contact->uuid};
  return Value::object({{"voucher", TRY(parse_json(to_json(told)))}});
}

// The next character of text that is known to be UTF-8.
char32_t take_character(std::string_view& text) {
  utf8proc_int32_t point = -1;
  auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &point);
  ASSERT(length > 0);
  text.remove_prefix(static_cast<std::size_t>(length));
  return static_cast<char32_t>(point);
}

// Slashes and characters beyond ASCII stand in texts alone, so the JSON need not be understood.
std::string as_php_writes_it(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    char32_t character = take_character(json);
    if (character == '/') {
      out += "\\/";
    } else if (character < 0x80) {
      out += static_cast<char>(character);
    } else if (character < 0x10000) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(character));
    } else {
      auto beyond = static_cast<unsigned>(character - 0x10000);
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (beyond >> 10), 0xdc00 + (beyond & 0x3ff));
    }
  }
  return out;
}

}  // namespace

Result<std::optional<Value>> webhook_data(Transaction& transaction, const EventRow& event) {
  if (event.type.starts_with("voucher_")) return voucher_data(transaction, event.subject);
  // Emptied since then, with the contact it told of.
  if (const auto* members = event.payload.members(); !members || members->empty()) {
    return std::nullopt;
  }
  return event.payload;
}

std::string webhook_body(std::string_view type, const Value& data) {
  return as_php_writes_it(to_json(Value::object({{"type", type}, {"data", data}})));
}

ContactsTold contacts_told(const EventRow& event) {
  const Value* referral = event.payload.find("referral");
  if (!referral) return {.contact = contact_in(event)};
  auto named = [&](std::string_view name) {
    const Value* contact = referral->find(name);
    return contact ? parse_uuid(contact->text_of("uuid")) : std::nullopt;
  };
  return {.contact = named("referring_contact"), .other = named("referred_contact")};
}

bool tells_of(const EventRow& event, const Value& attributes) {
  const Value* changed = event.payload.find("changed_attributes");
  if (!changed || !changed->items() || !attributes.items() || attributes.items()->empty()) {
    return true;
  }
  return std::ranges::any_of(*changed->items(), [&](const Value& name) {
    return std::ranges::find(*attributes.items(), name) != attributes.items()->end();
  });
}

}  // namespace piggy
