#pragma once

// What mail servers report of mails they could not deliver (RFC 3464) and of people who complained
// about one (RFC 5965). Anybody can write such a report: it counts only for a mail of ours, whose
// Message-ID nobody can guess who did not get it. All of it is a stranger's words.

#include <boost/describe/enum.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(BounceKind,
                        hard,       // The address takes no mail: 5.1.x, 5.2.1.
                        soft,       // This mail was not delivered; another may be.
                        complaint,  // Its reader calls it spam.
                        notice)     // Nothing is lost: delivered, relayed, delayed.

struct Bounce {
  BounceKind kind = BounceKind::notice;
  std::string recipient = {};   // As the mail was addressed; empty when no address is told.
  std::string status = {};      // "5.1.1", empty when none is told.
  std::string action = {};      // "failed"; for a complaint its type, "abuse".
  std::string message_id = {};  // Of our mail, without angle brackets; empty when not told.
  std::string words = {};       // The other server's: one line of printable ASCII, at most 500.
};

// One for each recipient that is told, 100 at most. `invalid` for a mail that is no such report. Of
// any input: no more than 4 MiB, 8 levels and 200 parts of it are looked at.
Result<std::vector<Bounce>> read_bounces(std::string_view message);

// By the enhanced code (RFC 3463). Soft unless it is sure that the address is the reason: a full
// mailbox (5.2.2) is emptied, a policy (5.7.x), a size (5.3.4) or a way there (5.4.x) is not the
// address; 5.1.7 and 5.1.8 are about who sends. What is no code is soft.
BounceKind kind_of_status(std::string_view status);

}  // namespace piggy
