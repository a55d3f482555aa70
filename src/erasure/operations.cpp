#include "erasure/operations.h"

#include "base/lower_case.h"
#include "contact/change_operations.h"
#include "ledger/ledger.h"
#include "loyalty/reception.h"
#include "reward/reception.h"
#include "voucher/voucher.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 30;
constexpr std::int64_t asked_days_ago_max = 366;

std::string decider(const Call& call) {
  return call.caller.person.empty() ? "a token" : call.caller.person;
}

Date today_of(const Call& call) { return local_date(call.now(), call.caller.time_zone); }

Result<ErasureRequest> shown(Call& call, const ErasureRequestRow& row) {
  ErasureRequest out = {.uuid = row.uuid,
                        .state = row.state,
                        .channel = row.channel,
                        .note = row.note,
                        .filed_by = row.filed_by,
                        .asked_at = row.asked_at,
                        .due_on = row.due_on,
                        .decided_at = row.decided_at,
                        .decided_by = row.decided_by,
                        .reason = row.reason,
                        .done_at = row.done_at};
  if (row.contact_id) {
    out.contact = reference_to(TRY(contact_by_id(call.transaction, *row.contact_id)));
  }
  if (row.waits()) out.days_left = days_until(*parse_date(row.due_on), today_of(call));
  return out;
}

OwnErasureRequest shown_to_contact(const ErasureRequestRow& row) {
  return {.state = row.state,
          .asked_at = row.asked_at,
          .due_on = row.due_on,
          .decided_at = row.decided_at,
          .reason = row.reason};
}

Result<ErasureRequestRow> file(Call& call, const NewErasureRequest& request) {
  ErasureRequestRow row = TRY(add_erasure_request(call.transaction, request));
  call.changes("erasure request of " + request.contact.email, nullptr, "due on " + row.due_on);
  return row;
}

// The beginning of that day, which was at most a year ago.
Result<Time> asked_at(const Call& call, const std::optional<std::string>& asked_on) {
  if (!asked_on) return call.now();
  auto date = parse_date(*asked_on);
  if (!date) return fail_field("/asked_on", "The asked_on field must be a date, as 2026-11-28.");
  std::int64_t days_ago = -days_until(*date, today_of(call));
  if (days_ago < 0) return fail_field("/asked_on", "The asked_on field must not be in the future.");
  if (days_ago > asked_days_ago_max) {
    return fail_field("/asked_on", "The asked_on field must not be more than a year ago.");
  }
  if (days_ago == 0) return call.now();
  return *parse_time(*asked_on, call.caller.time_zone);
}

}  // namespace

Result<PreviewErasure::Output> PreviewErasure::run(Call& call, const Input& input) {
  Transaction& transaction = call.transaction;
  ContactRow contact = TRY(contact_of(transaction, input.contact_uuid));
  auto receptions = TRY(find_receptions(transaction, {.contact_id = contact.id, .limit = 0}));
  Output output = {
      .balance = TRY(balance_of(transaction, contact.id)),
      .vouchers = TRY(count_of_contact(transaction, contact.id)).open,
      .rewards =
          TRY(count_reward_receptions(transaction, {.contact_id = contact.id, .waiting = true})),
      .transactions =
          receptions.total + TRY(count_reward_receptions(transaction, {.contact_id = contact.id}))};
  auto request = TRY(last_erasure_request(transaction, contact.id));
  if (request) output.request = shown_to_contact(*request);
  return output;
}

Result<OwnErasureRequest> AskForErasure::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  if (lower_case(input.email) != contact.email) {
    return fail_field("/email", "This is not the address of this membership.");
  }
  return shown_to_contact(TRY(file(
      call, {.contact = contact, .asked_at = call.now(), .time_zone = call.caller.time_zone})));
}

Result<OwnErasureRequest> WithdrawErasureRequest::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  auto row = TRY(last_erasure_request(call.transaction, contact.id));
  if (!row || !row->waits()) {
    return fail(ErrorCode::conflict, "No request of this contact is open.");
  }
  TRY(decide_erasure_request(call.transaction, *row,
                             {.state = ErasureState::withdrawn, .by = call.caller.person}));
  call.changes("erasure request of " + contact.email, "open", "withdrawn");
  return shown_to_contact(*row);
}

Result<ListErasureRequests::Output> ListErasureRequests::run(Call& call, const Input& input) {
  Output output = {.page = page_of(input.page, input.limit, limit_default)};
  std::optional<std::int64_t> contact_id;
  if (input.contact_uuid) contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  for (const ErasureRequestRow& row :
       TRY(erasure_requests_on(call.transaction, input.state, contact_id, output.page))) {
    output.erasure_requests.push_back(TRY(shown(call, row)));
  }
  return output;
}

Result<ErasureRequest> FileErasureRequest::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  ErasureRequestRow row = TRY(file(call, {.contact = contact,
                                          .channel = input.channel,
                                          .note = input.note.value_or(""),
                                          .filed_by = decider(call),
                                          .asked_at = TRY(asked_at(call, input.asked_on)),
                                          .time_zone = call.caller.time_zone}));
  return shown(call, row);
}

Result<ErasureRequest> AcceptErasureRequest::run(Call& call, const Input& input) {
  ErasureRequestRow row = TRY(erasure_request_of(call.transaction, input.erasure_request_uuid));
  TRY(decide_erasure_request(call.transaction, row,
                             {.state = ErasureState::accepted, .by = decider(call)}));
  ContactRow contact = TRY(contact_by_id(call.transaction, *row.contact_id));
  TRY(DeleteContact::run(call, {.contact_uuid = contact.uuid, .type = ContactDeletion::GDPR}));
  return shown(call, row);
}

Result<ErasureRequest> RefuseErasureRequest::run(Call& call, const Input& input) {
  ErasureRequestRow row = TRY(erasure_request_of(call.transaction, input.erasure_request_uuid));
  TRY(decide_erasure_request(
      call.transaction, row,
      {.state = ErasureState::refused, .by = decider(call), .reason = input.reason}));
  call.changes("erasure request", "open", "refused");
  return shown(call, row);
}

void add_erasure_operations(Catalogue& catalogue) {
  catalogue.add<PreviewErasure>();
  catalogue.add<AskForErasure>();
  catalogue.add<WithdrawErasureRequest>();
  catalogue.add<ListErasureRequests>();
  catalogue.add<FileErasureRequest>();
  catalogue.add<AcceptErasureRequest>();
  catalogue.add<RefuseErasureRequest>();
}

// Descriptions ------------------------------------------------------------------------------------

void ErasureRequest::describe(Fields<ErasureRequest>& field) {
  using One = ErasureRequest;
  field("uuid", &One::uuid, "The request.");
  field("state", &One::state,
        "open; accepted while it is being erased; done; refused; or withdrawn by the contact.");
  field("contact", &One::contact, "Who asked; null once it is erased.");
  field("channel", &One::channel, "How it was asked; page: on the customers' page.");
  field("note", &One::note, "What was noted of it; empty once it is erased.", {.untrusted = true});
  field("filed_by", &One::filed_by, "Who of the shop wrote it down; empty for the contact itself.");
  field("asked_at", &One::asked_at, "When it was asked.");
  field("due_on", &One::due_on, "The last day on which the law wants it answered.");
  field(
      "days_left", &One::days_left,
      "How many days are left until then, below zero when it is overdue; null when it is decided.");
  field("decided_at", &One::decided_at, "When it was decided.");
  field("decided_by", &One::decided_by,
        "Who decided; empty when the contact withdrew it, or was deleted without a decision.");
  field("reason", &One::reason, "Why it was refused; empty once it is erased.");
  field("done_at", &One::done_at, "When the contact was erased.");
}

void OwnErasureRequest::describe(Fields<OwnErasureRequest>& field) {
  using One = OwnErasureRequest;
  field("state", &One::state,
        "open; accepted while it is being erased; done; refused; or withdrawn.");
  field("asked_at", &One::asked_at, "When it was asked.");
  field("due_on", &One::due_on, "The last day on which the law wants it answered.");
  field("decided_at", &One::decided_at, "When it was decided.");
  field("reason", &One::reason, "Why it was refused.");
}

void PreviewErasure::Output::describe(Fields<Output>& field) {
  field("balance", &Output::balance, "The credits that would expire.");
  field("vouchers", &Output::vouchers, "The vouchers of the contact that could still be redeemed.");
  field("rewards", &Output::rewards, "The rewards that were paid and still wait to be collected.");
  field("transactions", &Output::transactions,
        "The lines of history that would no longer be anybody's.");
  field("request", &Output::request,
        "The newest request of the contact that was not withdrawn; null for none.");
}

void AskForErasure::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "The contact.");
  field("email", &Input::email, "The address of that contact, to be sure.", {.max = 254});
}

void ListErasureRequests::Input::describe(Fields<Input>& field) {
  field("state", &Input::state, "Only those in this state; open includes what is being erased.");
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

void ListErasureRequests::Output::describe(Fields<Output>& field) {
  field("erasure_requests", &Output::erasure_requests, "The requests.");
  field("page", &Output::page, "Which part of the list this is.");
}

void FileErasureRequest::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Who is to be erased.");
  field("channel", &Input::channel, "How it was asked.");
  field("note", &Input::note, "What is worth knowing about it, such as who was on the phone.",
        {.max = 500});
  field("asked_on", &Input::asked_on, "The day on which it was asked; today when not given.",
        {.max = 10, .format = Format::date});
}

void RefuseErasureRequest::Input::describe(Fields<Input>& field) {
  field("erasure_request_uuid", &Input::erasure_request_uuid, "The request.");
  field("reason", &Input::reason, "Why; the contact reads it.", {.min = 1, .max = 500});
}

}  // namespace piggy
