#include "sequence/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "campaign/mail_template.h"

namespace piggy {
namespace {

// A step's name stands in keys, between colons.
bool is_step_name(std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

Result<> check_template(Transaction& transaction, const Uuid& uuid, std::string path,
                        std::vector<FieldError>& problems) {
  auto found = mail_template_of(transaction, uuid);
  if (found) return {};
  if (found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
  problems.push_back({std::move(path), "There is no such mail template."});
  return {};
}

Result<> check_variants(Transaction& transaction, const SequenceStep& step, const std::string& path,
                        std::vector<FieldError>& problems) {
  if (!step.variants && !step.template_uuid) {
    problems.push_back({path + "/template_uuid", "A step needs a template_uuid or variants."});
  }
  if (step.template_uuid) {
    TRY(check_template(transaction, *step.template_uuid, path + "/template_uuid", problems));
  }
  if (step.variants && step.variants->empty()) {
    problems.push_back({path + "/variants", "There must be at least one variant."});
  }
  for (std::size_t i = 0; step.variants && i < step.variants->size(); i++) {
    const SequenceVariant& variant = (*step.variants)[i];
    std::string here = fmt::format("{}/variants/{}", path, i);
    TRY(check_template(transaction, variant.template_uuid, here + "/template_uuid", problems));
    auto first = std::ranges::find(*step.variants, variant.name, &SequenceVariant::name);
    if (first != step.variants->begin() + static_cast<std::ptrdiff_t>(i)) {
      problems.push_back({here + "/name", "Two variants of this step have this name."});
    }
  }
  return {};
}

// FNV-1a, and its bits mixed once more (MurmurHash3): the same on every machine, for good.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53u;
  return hash ^ (hash >> 33);
}

}  // namespace

Result<std::vector<FieldError>> accept_plan(Transaction& transaction, SequencePlan& plan) {
  std::vector<FieldError> problems;
  if (plan.steps.empty()) problems.push_back({"/steps", "There must be at least one step."});
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plan.steps.size(); i++) {
    SequenceStep& step = plan.steps[i];
    std::string path = fmt::format("/steps/{}", i);
    if (!step.name) step.name = fmt::format("step-{}", i + 1);
    if (!is_step_name(*step.name)) {
      problems.push_back(
          {path + "/name", "A step's name is made of letters, digits, dots, _ and -."});
    } else if (std::ranges::find(names, *step.name) != names.end()) {
      problems.push_back({path + "/name", "Two steps have this name."});
    }
    names.push_back(*step.name);
    TRY(check_variants(transaction, step, path, problems));
  }
  if (plan.hours) check_hours(*plan.hours, "/hours", problems);
  return problems;
}

const SequenceStep* step_after(const SequencePlan& plan, const std::vector<std::string>& had) {
  const SequenceStep* next = nullptr;
  for (const SequenceStep& step : plan.steps) {
    bool was_had = std::ranges::find(had, *step.name) != had.end();
    if (was_had)
      next = nullptr;
    else if (!next)
      next = &step;
  }
  return next;
}

Time send_time(const SequencePlan& plan, const SequenceStep& step, Time from,
               std::string_view zone) {
  Time moment = days_later(from, step.wait_days.value_or(0), zone);
  moment = moment + step.wait_seconds.value_or(0) * microseconds_per_second;
  return plan.hours ? first_within(*plan.hours, zone, moment) : moment;
}

SequenceVariant variant_for(const SequenceStep& step, std::string_view key) {
  if (!step.variants) return {.template_uuid = *step.template_uuid};
  std::uint64_t weights = 0;
  for (const SequenceVariant& variant : *step.variants) {
    weights += static_cast<std::uint64_t>(variant.weight);
  }
  std::uint64_t place = hash_of(key) % weights;
  for (const SequenceVariant& variant : *step.variants) {
    auto weight = static_cast<std::uint64_t>(variant.weight);
    if (place < weight) return variant;
    place -= weight;
  }
  assertion_failed("a place lies within the weights");
}

// Descriptions ------------------------------------------------------------------------------------

void SequenceVariant::describe(Fields<SequenceVariant>& field) {
  field("name", &SequenceVariant::name, "What it is called in the numbers, such as A.",
        {.min = 1, .max = 16});
  field("template_uuid", &SequenceVariant::template_uuid, "The mail template.");
  field("weight", &SequenceVariant::weight, "How often it is taken, beside the others' weights.",
        {.min = 1, .max = 1'000});
}

void SequenceStep::describe(Fields<SequenceStep>& field) {
  field("name", &SequenceStep::name,
        "Its name, by which it stays the same step when the sequence is edited; step-1 and so on "
        "when left out.",
        {.min = 1, .max = 64});
  field("template_uuid", &SequenceStep::template_uuid,
        "The mail template; not looked at where there are variants.");
  field("variants", &SequenceStep::variants,
        "In place of the template several to be compared: each contact gets one of them, by their "
        "weights.",
        {.max = 10});
  field("wait_seconds", &SequenceStep::wait_seconds,
        "How long to wait before it, since the step before or the enrolment; added to the days.",
        {.min = 0, .max = wait_days_max * 86'400});
  field("wait_days", &SequenceStep::wait_days,
        "How many days to wait before it, by the contact's calendar: nine stays nine.",
        {.min = 0, .max = wait_days_max});
}

void SequencePlan::describe(Fields<SequencePlan>& field) {
  field("steps", &SequencePlan::steps, "What is sent, in order.", {.max = 50});
  field("hours", &SequencePlan::hours, "When mails may go out; at any time when null.");
  field("time_zone_attribute", &SequencePlan::time_zone_attribute,
        "The attribute of contacts that holds their time zone.", {.max = 64});
  field("stop_on_purchase", &SequencePlan::stop_on_purchase, "Whether it ends when they buy.");
}

}  // namespace piggy
