#pragma once

// Sequences as they are kept. The plan stands in versions that never change.

#include <string>
#include <vector>

#include "operation/page.h"
#include "sequence/plan.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(SequenceState, active, paused)

struct SequenceRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::string description = {};
  SequenceState state = SequenceState::active;
  std::int64_t subscription_type_id = 0;
  std::optional<std::int64_t> min_score = {};
  std::optional<std::int64_t> max_score = {};
  std::int64_t version = 1;
  Time created_at = {};
  Time updated_at = {};
};

// 60013 when there is none.
Result<SequenceRow> sequence_of(Transaction& transaction, const Uuid& uuid);
Result<SequenceRow> sequence_by_id(Transaction& transaction, std::int64_t id);
Result<std::optional<SequenceRow>> sequence_by_name(Transaction& transaction,
                                                    std::string_view name);
// By name. Fills the total of `page`.
Result<std::vector<SequenceRow>> sequences_on(Transaction& transaction,
                                              std::optional<SequenceState> state, Page& page);

// The newest plan.
Result<SequencePlan> plan_of(Transaction& transaction, const SequenceRow& sequence);

// Mints id, uuid and moments of the row.
Result<> make_sequence(Transaction& transaction, SequenceRow& row, const SequencePlan& plan);
// Writes the row; another plan than before makes a version.
Result<> update_sequence(Transaction& transaction, SequenceRow& row, const SequencePlan& plan);

}  // namespace piggy
