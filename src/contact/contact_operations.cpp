#include "contact/contact_operations.h"

#include <fmt/format.h>

#include "contact/identifier.h"
#include "contact/referral_code.h"
#include "ledger/ledger.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

Result<ContactFilter> filter_of(const ListContacts::Input& input) {
  TimeRange created_at = input.created_at.value_or(TimeRange{});
  ContactFilter filter{.created_from = created_at.from(), .created_until = created_at.until()};
  std::string sort = input.sort.value_or("created_at");
  if (sort != "created_at" && sort != "-created_at") {
    return fail_field("/sort", "The sort must be created_at or -created_at.");
  }
  filter.newest_first = sort.starts_with('-');
  return filter;
}

Result<ContactRow> create(Call& call, const NewContact& contact) {
  ContactRow made = TRY(make_contact(call.transaction, contact));
  call.changes("contact " + made.email, nullptr, "created");
  return made;
}

Result<ContactRow> find_or_create(Call& call, const std::string& email) {
  if (auto found = TRY(contact_by_email(call.transaction, email))) return *std::move(found);
  return create(call, {.email = email, .channel = call.channel()});
}

}  // namespace

Result<ListContacts::Output> ListContacts::run(Call& call, const Input& input) {
  ContactFilter filter = TRY(filter_of(input));
  Output output{.page = page_of(input.page, input.limit, 30)};
  output.page.total = input.created_at ? TRY(count_contacts(call.transaction, filter))
                                       : TRY(count_contacts(call.transaction));
  auto records =
      TRY(contact_records(call.transaction, filter, output.page.limit, output.page.offset()));
  ContactSheet sheet = TRY(contact_sheet(call));
  output.contacts = TRY(show_contacts(call, sheet, records));
  return output;
}

Result<CreatedContact> CreateContact::run(Call& call, const Input& input) {
  ContactRow made = TRY(create(call, {.email = input.email, .channel = call.channel()}));
  if (input.referral_code) TRY(tell_referred(call, made, *input.referral_code));
  return CreatedContact{made.uuid};
}

Result<CreatedContact> CreateContactAsync::run(Call& call, const Input& input) {
  return CreateContact::run(call, input);
}

Result<CreatedContact> CreateAnonymousContact::run(Call& call, const Input& input) {
  std::optional<IdentifierRow> identifier;
  if (input.contact_identifier_value) {
    identifier = TRY(identifier_of(call.transaction, *input.contact_identifier_value));
    if (identifier->contact_id) return identifier_linked();
  }
  ContactRow made = TRY(create(call, {.is_anonymous = true, .channel = call.channel()}));
  if (identifier) {
    identifier->name = input.contact_identifier_name.value_or(identifier->name);
    TRY(link_identifier(call, *identifier, made));
  }
  return CreatedContact{made.uuid};
}

Result<Contact> FindContact::run(Call& call, const Input& input) {
  auto found = TRY(contact_by_email(call.transaction, input.email));
  if (!found) return contact_not_found();
  return show_contact(call, found->id);
}

Result<Contact> FindOrCreateContact::run(Call& call, const Input& input) {
  ContactRow contact = TRY(find_or_create(call, input.email));
  return show_contact(call, contact.id);
}

Result<CreatedContact> FindOrCreateContactAsync::run(Call& call, const Input& input) {
  ContactRow contact = TRY(find_or_create(call, input.email));
  return CreatedContact{contact.uuid};
}

Result<Contact> GetContact::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  return show_contact(call, contact.id);
}

Result<GetContactCreditBalance::Output> GetContactCreditBalance::run(Call& call,
                                                                     const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  return Output{.balance = TRY(balance_of(call.transaction, contact.id))};
}

// Nothing can be put into it yet (there is no prepaid module), so it is zero by construction.
Result<GetContactPrepaidBalance::Output> GetContactPrepaidBalance::run(Call& call,
                                                                       const Input& input) {
  TRY(contact_of(call.transaction, input.contact_uuid));
  bool euro = call.caller.currency == "EUR";
  return Output{.balance = euro ? "€0.00" : fmt::format("{} 0.00", call.caller.currency)};
}

Result<GetContactTier::Output> GetContactTier::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  const MemberRow* member = TRY(member_of(call.transaction, contact.id));
  ASSERT(member);
  Output output;
  for (const TierRow& row : TRY(all_tiers(call.transaction))) {
    if (row.id != member->tier_id) continue;
    Tier tier = shown(row);
    output = {.name = tier.name,
              .description = tier.description,
              .position = tier.position,
              .media = tier.media,
              .uuid = tier.uuid};
  }
  return output;
}

}  // namespace piggy
