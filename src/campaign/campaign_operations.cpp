#include "campaign/campaign_operations.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "campaign/mail_template.h"
#include "contact/contact_set.h"
#include "shape/json.h"

namespace piggy {
namespace {

// What an input names, all of it there.
struct Named {
  SegmentRow segment = {};
  SubscriptionType purpose = {};
  std::optional<PromotionRow> promotion = {};
  Time send_at = {};
};

template <class T>
bool found(Result<T>&& result, T& out, std::string path, std::string_view what,
           std::vector<FieldError>& problems) {
  if (result) {
    out = *std::move(result);
    return true;
  }
  problems.push_back({std::move(path), fmt::format("There is no such {}.", what)});
  return false;
}

Result<Named> named_by(Call& call, const CampaignInput& input) {
  Transaction& transaction = call.transaction;
  std::vector<FieldError> problems;
  Named named{.send_at = input.send_at.value_or(call.now())};
  found(segment_of(transaction, input.segment_uuid), named.segment, "/segment_uuid", "segment",
        problems);
  found(subscription_type_of(transaction, input.subscription_type_uuid), named.purpose,
        "/subscription_type_uuid", "subscription type", problems);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < input.variants.size(); i++) {
    const CampaignVariant& variant = input.variants[i];
    if (!names.insert(variant.name).second) {
      problems.push_back({fmt::format("/variants/{}/name", i), "The name is taken."});
    }
    MailTemplateRow row;
    found(mail_template_of(transaction, variant.template_uuid), row,
          fmt::format("/variants/{}/template_uuid", i), "mail template", problems);
  }
  if (input.promotion_uuid) {
    PromotionRow promotion;
    found(promotion_of(transaction, *input.promotion_uuid), promotion, "/promotion_uuid",
          "promotion", problems);
    named.promotion = promotion;
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return named;
}

Result<Campaign> shown(Transaction& transaction, const CampaignRow& row) {
  Campaign view{
      .uuid = row.uuid,
      .name = row.name,
      .state = row.state,
      .problem = row.problem,
      .segment_uuid = row.segment_uuid,
      .subscription_type_uuid = TRY(purpose_of(transaction, row.subscription_type_id)).uuid,
      .variants = variants_of(row),
      .send_at = row.send_at,
      .selected = row.selected,
      .created_at = row.created_at};
  if (row.promotion_id != 0) {
    view.promotion_uuid = TRY(promotion_by_id(transaction, row.promotion_id)).uuid;
  }
  std::map<std::string, std::int64_t> failed, suppressed, sent;
  for (const SendCount& one : TRY(count_sends(transaction, row.uuid))) {
    std::int64_t* counters[] = {&view.queued,     &view.sending, &view.sent,     &view.failed,
                                &view.suppressed, &view.unknown, &view.cancelled};
    *counters[static_cast<std::size_t>(one.state)] += one.count;
    if (one.state == SendState::failed) failed[one.reason] += one.count;
    if (one.state == SendState::suppressed) suppressed[one.reason] += one.count;
    if (one.state == SendState::sent) sent[one.variant] += one.count;
  }
  for (const auto& [reason, count] : failed) view.failed_by_reason.push_back({reason, count});
  for (const auto& [reason, count] : suppressed) {
    view.suppressed_by_reason.push_back({reason, count});
  }
  for (const auto& [name, count] : sent) view.sent_by_variant.push_back({name, count});
  view.adds_up = view.selected == view.queued + view.sending + view.sent + view.failed +
                                      view.suppressed + view.unknown + view.cancelled;
  return view;
}

}  // namespace

Result<PlanCampaign::Output> PlanCampaign::run(Call& call, const Input& input) {
  Transaction& transaction = call.transaction;
  Named named = TRY(named_by(call, input));
  Output output{.send_at = named.send_at,
                .consent = fmt::format("Contacts who subscribed to {} ({}).", named.purpose.name,
                                       word_of(named.purpose.strategy))};
  std::map<std::string, std::int64_t> reasons;
  std::vector<std::int64_t> counts(input.variants.size());
  // Which contact gets which variant is decided by the campaign's uuid, which there is none of yet;
  // the parts are the same.
  Uuid none = {};
  std::int64_t after = 0;
  for (bool more = true; more;) {
    std::vector<std::int64_t> ids;
    for (const MemberEntry& member :
         TRY(members_after(transaction, named.segment.id, after, contacts_at_once))) {
      ids.push_back(member.contact_id);
    }
    for (const auto& recipient : TRY(mail_recipients(transaction, ids, named.purpose))) {
      output.selected++;
      if (recipient.reason.empty()) {
        output.to_send++;
        counts[variant_for(none, recipient.contact.uuid, input.variants)]++;
      } else {
        output.suppressed++;
        reasons[recipient.reason]++;
      }
    }
    if (!ids.empty()) after = ids.back();
    more = ids.size() == contacts_at_once;
  }
  for (const auto& [reason, count] : reasons) {
    output.suppressed_by_reason.push_back({reason, count});
  }
  for (std::size_t i = 0; i < counts.size(); i++) {
    output.variants.push_back({input.variants[i].name, counts[i]});
  }
  if (named.promotion) {
    output.vouchers = output.to_send;
    if (named.promotion->voucher_limit) {
      std::int64_t made = TRY(vouchers_of_promotion(transaction, named.promotion->id));
      output.vouchers_left = std::max<std::int64_t>(0, *named.promotion->voucher_limit - made);
    }
  }
  return output;
}

Result<Campaign> ScheduleCampaign::run(Call& call, const Input& input) {
  Named named = TRY(named_by(call, input));
  CampaignRow row{.name = input.name,
                  .segment_uuid = named.segment.uuid,
                  .subscription_type_id = named.purpose.id,
                  .promotion_id = named.promotion ? named.promotion->id : 0,
                  .send_at = named.send_at};
  row.variants = Value::list();
  for (const CampaignVariant& variant : input.variants) {
    row.variants.push(*parse_json(to_json(variant)));
  }
  TRY(make_campaign(call.transaction, row));
  call.changes(fmt::format("campaign \"{}\" to {} contacts", row.name, named.segment.size), nullptr,
               to_atom(row.send_at));
  return shown(call.transaction, row);
}

Result<Campaign> CancelCampaign::run(Call& call, const Input& input) {
  CampaignRow row = TRY(campaign_of(call.transaction, input.uuid));
  if (row.state != CampaignState::cancelled) {
    CampaignState before = row.state;
    TRY(cancel_campaign(call.transaction, row));
    call.changes("state of campaign " + row.name, word_of(before), word_of(row.state));
  }
  return shown(call.transaction, row);
}

Result<Campaign> GetCampaign::run(Call& call, const Input& input) {
  return shown(call.transaction, TRY(campaign_of(call.transaction, input.uuid)));
}

Result<ListCampaigns::Output> ListCampaigns::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  for (const CampaignRow& row : TRY(campaigns_on(call.transaction, output.page))) {
    output.campaigns.push_back({.uuid = row.uuid,
                                .name = row.name,
                                .state = row.state,
                                .send_at = row.send_at,
                                .selected = row.selected});
  }
  return output;
}

void add_campaign_only_operations(Catalogue& catalogue) {
  catalogue.add<PlanCampaign>();
  catalogue.add<ScheduleCampaign>();
  catalogue.add<ListCampaigns>();
  catalogue.add<GetCampaign>();
  catalogue.add<CancelCampaign>();
}

// Descriptions ------------------------------------------------------------------------------------

void CampaignVariant::describe(Fields<CampaignVariant>& field) {
  field("name", &CampaignVariant::name, "What it is called, such as A.", {.min = 1, .max = 50});
  field("template_uuid", &CampaignVariant::template_uuid, "The mail template.");
  field("weight", &CampaignVariant::weight,
        "Its part of the recipients, beside the others' weights.", {.min = 1, .max = 1'000});
}

void CampaignInput::describe(Fields<CampaignInput>& field) {
  field("name", &CampaignInput::name, "What it is called here.", {.min = 1, .max = 200});
  field("segment_uuid", &CampaignInput::segment_uuid, "Whose members get it.");
  field("subscription_type_uuid", &CampaignInput::subscription_type_uuid,
        "What it is for: only contacts who subscribed to this get it.");
  field("variants", &CampaignInput::variants,
        "One template, or several between which recipients are divided by chance.",
        {.min = 1, .max = 5});
  field("promotion_uuid", &CampaignInput::promotion_uuid,
        "Each recipient gets a voucher of it, which {{ voucher.code }} shows.");
  field("send_at", &CampaignInput::send_at, "When; at once when left out.");
}

void VariantCount::describe(Fields<VariantCount>& field) {
  field("name", &VariantCount::name, "The variant.");
  field("count", &VariantCount::count, "How many mails.");
}

void PlanCampaign::Output::describe(Fields<Output>& field) {
  field("selected", &Output::selected, "Members of the segment.");
  field("to_send", &Output::to_send, "How many of them would get a mail.");
  field("suppressed", &Output::suppressed, "How many would not.");
  field("suppressed_by_reason", &Output::suppressed_by_reason, "Why they would not.");
  field("variants", &Output::variants, "About how many mails of each variant.");
  field("vouchers", &Output::vouchers, "How many vouchers would be made.");
  field("vouchers_left", &Output::vouchers_left,
        "How many the promotion still allows, if limited.");
  field("send_at", &Output::send_at, "When it would go.");
  field("consent", &Output::consent, "By what consent.");
}

void Campaign::describe(Fields<Campaign>& field) {
  field("uuid", &Campaign::uuid, "The campaign.");
  field("name", &Campaign::name, "What it is called here.");
  field(
      "state", &Campaign::state,
      "scheduled waits for its time, selecting goes through the segment, selected has queued all.");
  field("problem", &Campaign::problem, "Why it failed.");
  field("segment_uuid", &Campaign::segment_uuid, "Whose members get it.");
  field("subscription_type_uuid", &Campaign::subscription_type_uuid, "What it is for.");
  field("promotion_uuid", &Campaign::promotion_uuid, "What each recipient gets a voucher of.");
  field("variants", &Campaign::variants, "What is sent.");
  field("send_at", &Campaign::send_at, "When it goes.");
  field("selected", &Campaign::selected,
        "Members that were looked at; the sum of all that follow.");
  field("queued", &Campaign::queued, "Mails that wait.");
  field("sending", &Campaign::sending, "Mails that are being handed over.");
  field("sent", &Campaign::sent, "Mails that the mail server took.");
  field("failed", &Campaign::failed, "Mails that it refused, or that were given up.");
  field("suppressed", &Campaign::suppressed, "Members who may not get it.");
  field("unknown", &Campaign::unknown, "Mails lost while handed over: they may have arrived.");
  field("cancelled", &Campaign::cancelled, "Mails that were taken back.");
  field("suppressed_by_reason", &Campaign::suppressed_by_reason, "Why they may not.");
  field("failed_by_reason", &Campaign::failed_by_reason, "Why they failed.");
  field("sent_by_variant", &Campaign::sent_by_variant, "How many of each variant were sent.");
  field("adds_up", &Campaign::adds_up, "Whether everybody selected is accounted for.");
  field("created_at", &Campaign::created_at, "When it was made.");
}

void CampaignByUuid::describe(Fields<CampaignByUuid>& field) {
  field("uuid", &CampaignByUuid::uuid, "The campaign.");
}

void CampaignLine::describe(Fields<CampaignLine>& field) {
  field("uuid", &CampaignLine::uuid, "The campaign.");
  field("name", &CampaignLine::name, "What it is called here.");
  field("state", &CampaignLine::state, "How far it has come.");
  field("send_at", &CampaignLine::send_at, "When it goes.");
  field("selected", &CampaignLine::selected, "Members that were looked at.");
}

void ListCampaigns::Input::describe(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

void ListCampaigns::Output::describe(Fields<Output>& field) {
  field("campaigns", &Output::campaigns, "The campaigns, newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

}  // namespace piggy
