// What the fields of the operations mean.

#include "referral/operations.h"

namespace piggy {

void ListReferrals::Input::describe(Fields<Input>& field) {
  field("referring_contact_uuid", &Input::referring_contact_uuid, "Only those of this contact.");
  field("status", &Input::status, "Only in this state.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many a page holds; 30 when not given.",
        {.min = 1, .max = 100});
}

void ListReferrals::Output::describe(Fields<Output>& field) {
  field("referrals", &Output::referrals, "The referrals of this page.");
}

void GetReferralSettings::Typed::describe(Fields<Typed>& field) {
  field("type", &Typed::type, "Of what kind it is.");
  field("data", &Typed::data, "What this kind has to say.");
}

void GetReferralSettings::Output::describe(Fields<Output>& field) {
  field("completion_event", &Output::completion_event,
        "What completes a referral: contact_creation, or loyalty_transaction with "
        "number_of_transactions.");
  field("limit_per_contact", &Output::limit_per_contact,
        "How many referrals of one contact count; null for any number.");
  field("referred_contact_incentive", &Output::referred_contact_incentive,
        "What who was brought receives: loyalty_points, voucher or nothing.");
  field("referring_contact_incentive", &Output::referring_contact_incentive,
        "What who brought them receives.");
}

void NamedReference::describe(Fields<NamedReference>& field) {
  field("uuid", &NamedReference::uuid, "It.");
  field("name", &NamedReference::name, "Its name.");
}

void ReferralIncentive::describe(Fields<ReferralIncentive>& field) {
  field("type", &ReferralIncentive::type, "What it is.");
  field("points", &ReferralIncentive::points, "How many credits; 0 for other types.");
  field("promotion", &ReferralIncentive::promotion, "What the voucher is of.");
}

void ReferralProgram::describe(Fields<ReferralProgram>& field) {
  field("active", &ReferralProgram::active, "Whether referrals begin and end.");
  field("form", &ReferralProgram::form, "The form that the link of a contact leads to.");
  field("form_is_open", &ReferralProgram::form_is_open,
        "Whether anybody can send that form in; without it contacts have no link.");
  field("completion_event", &ReferralProgram::completion_event, "What completes a referral.");
  field("number_of_transactions", &ReferralProgram::number_of_transactions,
        "How many loyalty transactions complete one.");
  field("limit_per_contact", &ReferralProgram::limit_per_contact,
        "How many referrals of one contact count; null for any number.");
  field("shop", &ReferralProgram::shop, "The shop in whose name points are given.");
  field("referring_incentive", &ReferralProgram::referring_incentive,
        "What who brings a friend receives.");
  field("referred_incentive", &ReferralProgram::referred_incentive, "What the friend receives.");
}

void UpdateReferralProgram::Side::describe(Fields<Side>& field) {
  field("type", &Side::type, "What it is.");
  field("points", &Side::points, "How many credits, for loyalty_points.",
        {.min = 1, .max = 1'000'000'000});
  field("promotion_uuid", &Side::promotion_uuid, "What the voucher is of, for voucher.");
}

void UpdateReferralProgram::Input::describe(Fields<Input>& field) {
  field("active", &Input::active,
        "Whether referrals begin and end. Switched off, what is pending waits.");
  field("form_uuid", &Input::form_uuid,
        "The form that the link of a contact leads to; without one contacts have no link.");
  field("completion_event", &Input::completion_event,
        "What completes a referral. contact_creation pays for an address that nobody has seen "
        "yet: prefer loyalty_transaction.");
  field("number_of_transactions", &Input::number_of_transactions,
        "How many loyalty transactions complete one; 1 when not given.", {.min = 1, .max = 1'000});
  field("limit_per_contact", &Input::limit_per_contact,
        "How many referrals of one contact count; any number when not given.",
        {.min = 1, .max = 1'000'000});
  field("shop_uuid", &Input::shop_uuid, "The shop in whose name points are given.");
  field("referring_incentive", &Input::referring_incentive, "What who brings a friend receives.");
  field("referred_incentive", &Input::referred_incentive, "What the friend receives.");
}

void SearchReferrals::Input::describe(Fields<Input>& field) {
  field("referring_contact_uuid", &Input::referring_contact_uuid,
        "Only those whom this contact brought.");
  field("referred_contact_uuid", &Input::referred_contact_uuid, "Only who brought this contact.");
  field("status", &Input::status, "Only in this state.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many a page holds; 30 when not given.",
        {.min = 1, .max = 100});
}

void SearchReferrals::Found::describe(Fields<Found>& field) {
  field("uuid", &Found::uuid, "The referral.");
  field("referring_contact", &Found::referring_contact, "Who brought the other one.");
  field("referred_contact", &Found::referred_contact, "Who was brought.");
  field("status", &Found::status,
        "pending until the newcomer has done what the shop asks for; failed when the other one had "
        "brought as many as count.");
  field("transactions", &Found::transactions, "Loyalty transactions of the newcomer that counted.");
  field("created_at", &Found::created_at, "When the newcomer came.");
  field("ended_at", &Found::ended_at, "When it was completed or failed.");
}

void SearchReferrals::Output::describe(Fields<Output>& field) {
  field("referrals", &Output::referrals, "The referrals of this page.");
  field("page", &Output::page, "Which part of the whole this is.");
}

void GetReferralCard::Output::describe(Fields<Output>& field) {
  field("active", &Output::active, "Whether the shop rewards it; all else is empty otherwise.");
  field("code", &Output::code, "The contact's referral code.");
  field("link", &Output::link, "What the contact passes on; null where the shop names no form.");
  field("completed", &Output::completed, "How many friends came, and did what completes it.");
  field("pending", &Output::pending, "How many came and have not yet.");
  field("limit_per_contact", &Output::limit_per_contact, "How many count; null for any number.");
  field("completion_event", &Output::completion_event, "What completes a referral.");
  field("number_of_transactions", &Output::number_of_transactions,
        "How many loyalty transactions complete one.");
  field("yours", &Output::yours, "What the contact receives for each.");
  field("theirs", &Output::theirs, "What each friend receives.");
  field("credit_name", &Output::credit_name, "What credits are called in this shop.");
}

}  // namespace piggy
