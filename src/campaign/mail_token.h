#pragma once

// The addresses in a mail that lead back to us. Each is signed with the account's own key for one
// purpose, so that nobody can make one, and a click leads nowhere but where the mail said.

#include <optional>
#include <string>
#include <string_view>

#include "operation/operation.h"

namespace piggy {

inline constexpr std::string_view mail_path = "/m/";

// What a mail leads to: /m/o/TOKEN, /m/c/TOKEN?u=ADDRESS, /m/u/TOKEN.
enum class MailLink : char { open = 'o', click = 'c', unsubscribe = 'u' };

// `to` is the address behind a click, "" for the others.
std::string mail_link(const Caller& caller, std::string_view public_url, MailLink kind,
                      const Uuid& send, std::string_view to = {});

struct MailToken {
  std::int64_t account_id = 0;
  Uuid send = {};
  std::string seal = {};
};
// What a token says; it is worth nothing before `is_genuine`.
std::optional<MailToken> read_mail_token(std::string_view text);
bool is_genuine(const Caller& caller, const MailToken& token, MailLink kind,
                std::string_view to = {});

// What the Message-ID of a send begins with: the same for the same key, whenever it is sent.
Blob message_of(const Caller& caller, std::string_view send_key);
// In hexadecimal digits.
std::string message_name(const Blob& message);
// The other way, from "<…@domain>" or a part of it; nothing for what is none of ours.
std::optional<Blob> message_in(std::string_view message_id);

}  // namespace piggy
