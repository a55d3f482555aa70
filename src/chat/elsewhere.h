#pragma once

// Plain requests for the tools of a connection to another Piggy, where nothing can be looked up:
// whatever is known there by name is not known here, and what is known here is not meant.

#include <string>
#include <string_view>
#include <vector>

#include "chat/interpreter.h"
#include "chat/turn.h"

namespace piggy {

// The one granted tool of a connection that does this operation; null where there are none or
// several: then nobody has said which is meant.
const OfferedTool* only_elsewhere(const std::vector<OfferedTool>& tools,
                                  std::string_view operation);

// Knows what is called by its uuid, and nothing else.
class UuidsAlone final : public Names {
 public:
  // `field` is what was asked for, and `text` the answer; both empty for a request. A shop or a
  // promotion is told in an answer alone: in a request a uuid is a contact's.
  UuidsAlone(std::string_view field, std::string_view text) : field_(field), text_(text) {}

  Result<std::vector<Named>> contacts(std::string_view word) override;
  Result<std::vector<Named>> shops() override { return answered("shop_uuid"); }
  Result<std::vector<Named>> promotions() override { return answered("promotion_uuid"); }

 private:
  Result<std::vector<Named>> answered(std::string_view field);

  std::string field_;
  std::string text_;
};

}  // namespace piggy
