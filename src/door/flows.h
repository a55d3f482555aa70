#pragma once

// What flows need of the rest of the program: calls through the dispatch, as the persona, within
// its grants; and the persona's model.

#include <memory>
#include <string>

#include "access/access.h"
#include "door/chat.h"
#include "door/dispatch.h"
#include "flow/run.h"

namespace piggy {

class FlowDoor final : public FlowTools {
 public:
  // All are borrowed and outlive it.
  FlowDoor(Dispatch& dispatch, Callers& callers, Chat::Models models)
      : dispatch_(dispatch), callers_(callers), models_(std::move(models)) {}

  Result<ToolOutcome> call(const ToolUse& use, const Mark& mark, bool& marked) override;
  Result<std::optional<AskOutcome>> ask(const Question& question) override;
  Result<> charge_tokens(Transaction& transaction, const FlowActor& actor,
                         std::int64_t tokens) override;

 private:
  Dispatch& dispatch_;
  Callers& callers_;
  const Chat::Models models_;
};

}  // namespace piggy
