#pragma once

// The page on which a person decides about one approval: who asks for what, with exactly which
// arguments, why, with what effect and at which price; then how it ended. It is where MCP clients
// send people, and it tells nothing to whoever is not signed in.

#include <string_view>

#include "access/access.h"
#include "door/dispatch.h"
#include "http/message.h"

namespace piggy {

class ApprovalPage {
 public:
  // All are borrowed and outlive it.
  ApprovalPage(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers)
      : catalogue_(catalogue), dispatch_(dispatch), callers_(callers) {}

  static constexpr std::string_view folder = "/approvals/";
  static bool serves(std::string_view path) { return path.starts_with(folder); }
  // Shows the approval, or takes the decision and shows what came of it. What may be seen and
  // decided is what the person's role allows by the operations of the same names.
  void handle(http::Request request, http::Responder responder);

 private:
  using Who = std::shared_ptr<const Caller>;
  void show(Who who, std::string_view uuid, http::Responder responder);
  void decide(Who who, const http::Request& request, std::string_view uuid,
              http::Responder responder);

  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  Callers& callers_;
};

}  // namespace piggy
