// The number goes through a Feistel network of two halves of 20 bits, whose rounds are keyed by
// SipHash: whoever does not have the key finds no code from another.

#include "contact/referral_code.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/trimmed.h"
#include "contact/auth_token.h"
#include "event/event.h"

namespace piggy {
namespace {

// Read aloud and typed by people: nothing in it looks like something else.
constexpr std::string_view alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t length = 8;
constexpr unsigned letter_bits = 5;
constexpr unsigned half_bits = 20;
constexpr std::uint64_t half_mask = (1 << half_bits) - 1;
constexpr std::uint8_t rounds = 8;
static_assert(alphabet.size() == 1 << letter_bits && length * letter_bits == 2 * half_bits);

constexpr std::string_view select_contact = R"sql(
  SELECT id, uuid, email, is_anonymous FROM contact
  WHERE account_id = $1 AND id = $2 AND status <> 'DELETED'
)sql";

class Scramble {
 public:
  explicit Scramble(const Caller& account) : key_(account_hash(account, "referral code", "")) {}

  std::uint64_t forth(std::uint64_t number) const {
    std::uint64_t left = number >> half_bits, right = number & half_mask;
    for (std::uint8_t round = 0; round < rounds; round++) {
      left ^= mixed(round, right);
      std::swap(left, right);
    }
    return left << half_bits | right;
  }

  std::uint64_t back(std::uint64_t number) const {
    std::uint64_t left = number >> half_bits, right = number & half_mask;
    for (std::uint8_t round = rounds; round-- > 0;) {
      std::swap(left, right);
      left ^= mixed(round, right);
    }
    return left << half_bits | right;
  }

 private:
  std::uint64_t mixed(std::uint8_t round, std::uint64_t half) const {
    std::uint8_t text[4] = {round, static_cast<std::uint8_t>(half >> 16),
                            static_cast<std::uint8_t>(half >> 8), static_cast<std::uint8_t>(half)};
    std::uint8_t hash[crypto_shorthash_BYTES];
    static_assert(sizeof(Hash) >= crypto_shorthash_KEYBYTES);
    crypto_shorthash(hash, text, sizeof text, key_.data());
    return (hash[0] | hash[1] << 8 | hash[2] << 16) & half_mask;
  }

  Hash key_;
};

std::optional<std::uint64_t> number_in(std::string_view code) {
  if (code.size() != length) return std::nullopt;
  std::uint64_t number = 0;
  for (char letter : code) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    std::size_t value = alphabet.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    number = number << letter_bits | value;
  }
  return number;
}

}  // namespace

std::string referral_code_of(const Caller& account, std::int64_t contact_id) {
  ASSERT(contact_id >> (2 * half_bits) == 0);  // Ids count rows: there are never so many.
  std::uint64_t number = Scramble(account).forth(static_cast<std::uint64_t>(contact_id));
  std::string code(length, '\0');
  for (std::size_t i = length; i-- > 0; number >>= letter_bits) {
    code[i] = alphabet[number & ((1 << letter_bits) - 1)];
  }
  return code;
}

Result<std::optional<ContactRow>> contact_by_referral_code(Call& call, std::string_view code) {
  auto number = number_in(trimmed(code));
  if (!number) return std::nullopt;
  auto id = static_cast<std::int64_t>(Scramble(call.caller).back(*number));
  return call.transaction.first<ContactRow>(select_contact, {id});
}

Result<> tell_referred(Call& call, const ContactRow& newcomer, std::string_view code) {
  auto referring = TRY(contact_by_referral_code(call, code));
  if (!referring) return {};
  call.changes("referral of " + newcomer.email, nullptr, "by " + referring->email);
  Value contact = Value::object({{"uuid", to_string(newcomer.uuid)}, {"email", newcomer.email}});
  Value by = Value::object({{"uuid", to_string(referring->uuid)}});
  return emit(
      call.transaction, contact_referred_event, newcomer.uuid,
      Value::object({{"contact", std::move(contact)}, {"referring_contact", std::move(by)}}));
}

}  // namespace piggy
