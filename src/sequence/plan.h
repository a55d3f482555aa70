#pragma once

// What a sequence sends and when: its steps, its hours, and what ends it. See README.md.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "sequence/sending_hours.h"

namespace piggy {

inline constexpr std::int64_t wait_days_max = 730;

struct SequenceVariant {
  std::string name = {};
  Uuid template_uuid = {};
  std::int64_t weight = 1;

  static void describe(Fields<SequenceVariant>& field);
};

struct SequenceStep {
  std::optional<std::string> name = {};  // Always there in a plan that was accepted.
  std::optional<Uuid> template_uuid = {};
  std::optional<std::vector<SequenceVariant>> variants = {};
  std::optional<std::int64_t> wait_seconds = {};
  std::optional<std::int64_t> wait_days = {};

  static void describe(Fields<SequenceStep>& field);
};

struct SequencePlan {
  std::vector<SequenceStep> steps = {};
  std::optional<SendingHours> hours = {};
  std::string time_zone_attribute = {};
  bool stop_on_purchase = true;

  static void describe(Fields<SequencePlan>& field);
};

// Names the steps that have none, and says all that is wrong, below "/steps" and "/hours".
Result<std::vector<FieldError>> accept_plan(Transaction& transaction, SequencePlan& plan);

// The first step after the last one that was had, that was not had; nothing at the end. Steps that
// are new in front of one that was had are passed by.
const SequenceStep* step_after(const SequencePlan& plan, const std::vector<std::string>& had);

// When a step is sent that waits from this moment on.
Time send_time(const SequencePlan& plan, const SequenceStep& step, Time from,
               std::string_view zone);

// Which variant this key gets: always the same. Only its template for a step without variants.
SequenceVariant variant_for(const SequenceStep& step, std::string_view key);

}  // namespace piggy
