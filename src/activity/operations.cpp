#include "activity/operations.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 500;

}  // namespace

void ListContactActivity::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "The contact.");
  field("before", &Input::before, "Only those before this one, by its id: the next page.",
        {.min = 1});
  field("limit", &Input::limit, "How many at most; 50 unless said otherwise.",
        {.min = 1, .max = limit_max});
}

void ListContactActivity::Item::describe(Fields<Item>& field) {
  field("id", &Item::id, "Its number, growing with time.");
  field("kind", &Item::kind, "What happened.");
  field("source", &Item::source, "The form, campaign, sequence or voucher it is about.");
  field("detail", &Item::detail, "In the words of its kind, such as the link that was clicked.");
  field("created_at", &Item::created_at, "When.");
}

Result<ListContactActivity::Output> ListContactActivity::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  ActivitySpan span{.limit = input.limit.value_or(limit_default)};
  if (input.before) span.before = *input.before;
  Output output;
  for (ActivityRow& row : TRY(activities_of(call.transaction, contact.id, span))) {
    output.activities.push_back({.id = row.id,
                                 .kind = row.kind,
                                 .source = row.source,
                                 .detail = std::move(row.detail),
                                 .created_at = row.created_at});
  }
  return output;
}

void add_activity_operations(Catalogue& catalogue) { catalogue.add<ListContactActivity>(); }

}  // namespace piggy
