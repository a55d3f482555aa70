#include "lead/operations.h"

#include <fmt/format.h>

namespace piggy {
namespace {

double points(std::int64_t hundredths) { return static_cast<double>(hundredths) / 100; }

ShownLeadModel shown(LeadModelVersion version) {
  return {.version = version.version,
          .created_at = version.created_at,
          .fit_rules = std::move(version.model.fit_rules),
          .engagement_rules = std::move(version.model.engagement_rules),
          .groups = std::move(version.model.groups),
          .thresholds = version.model.thresholds};
}

}  // namespace

Result<ScoreLead::Output> ScoreLead::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  Scorer scorer = TRY(Scorer::of(call.transaction));
  LeadScore score = TRY(scorer.score(call.transaction, contact.id, input.at.value_or(call.now())));
  return Output{.contact = reference_to(contact),
                .score = score.score,
                .cell = score.cell,
                .temperature = score.temperature,
                .fit = points(score.fit_hundredths),
                .engagement = points(score.engagement_hundredths),
                .contributions = std::move(score.contributions),
                .version = score.version,
                .at = score.at};
}

Result<ListLeadScores::Output> ListLeadScores::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  for (const LeadScoreRow& row :
       TRY(lead_scores(call.transaction, input.temperature, output.page))) {
    ContactRow contact = TRY(contact_by_id(call.transaction, row.contact_id));
    output.lead_scores.push_back({.contact = reference_to(contact),
                                  .score = row.score,
                                  .cell = row.cell,
                                  .temperature = row.temperature,
                                  .fit = points(row.fit_hundredths),
                                  .engagement = points(row.engagement_hundredths),
                                  .version = row.version,
                                  .scored_at = row.scored_at});
  }
  return output;
}

Result<GetLeadModel::Output> GetLeadModel::run(Call& call, const Input& input) {
  if (!input.version) return shown(TRY(lead_model(call.transaction)));
  return shown(TRY(lead_model(call.transaction, *input.version)));
}

Result<UpdateLeadModel::Output> UpdateLeadModel::run(Call& call, const Input& input) {
  LeadModelVersion before = TRY(lead_model(call.transaction));
  if (input.if_version && *input.if_version != before.version) {
    return fail(ErrorCode::conflict,
                fmt::format("The lead model is at version {} by now.", before.version));
  }
  LeadModel model = before.model;
  if (input.fit_rules) model.fit_rules = *input.fit_rules;
  if (input.engagement_rules) model.engagement_rules = *input.engagement_rules;
  if (input.groups) model.groups = *input.groups;
  if (input.thresholds) model.thresholds = *input.thresholds;
  auto problems = TRY(problems_of(call.transaction, model));
  if (!problems.empty()) return fail_fields(std::move(problems));
  LeadModelVersion after = TRY(put_lead_model(call.transaction, std::move(model)));
  if (after.version == before.version) return shown(std::move(after));
  call.changes("version of the lead model", before.version, after.version);
  TRY(start_lead_walk(call.transaction));
  return shown(std::move(after));
}

void add_lead_operations(Catalogue& catalogue) {
  catalogue.add<ScoreLead>();
  catalogue.add<ListLeadScores>();
  catalogue.add<GetLeadModel>();
  catalogue.add<UpdateLeadModel>();
}

// Descriptions ------------------------------------------------------------------------------------

namespace {

// What one score and a list of them have in common.
template <class Score>
void describe_score(Fields<Score>& field) {
  field("contact", &Score::contact, "Whose score it is.");
  field("score", &Score::score, "0 to 100: fit and engagement together.");
  field("cell", &Score::cell,
        "A letter for fit (A is best) and a digit for engagement (1 is best): A1 to C3.");
  field("temperature", &Score::temperature, "nurture, warm or hot, by the model's thresholds.");
  field("fit", &Score::fit, "Who they are: 0 to 50.");
  field("engagement", &Score::engagement, "What they did, faded: 0 to 50.");
}

// What is shown of a model and what is given of one have in common.
template <class Model>
void describe_rules(Fields<Model>& field) {
  field("fit_rules", &Model::fit_rules, "Who somebody is: 0 to 50 points that do not fade.",
        {.max = 100});
  field("engagement_rules", &Model::engagement_rules,
        "What somebody did: 0 to 50 points that fade.", {.max = 100});
  field("groups", &Model::groups, "What engagement rules count in, each with a most.", {.max = 50});
  field("thresholds", &Model::thresholds, "Where warm, hot and the cells begin.");
}

}  // namespace

void ScoreLead::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Whose score.");
  field("at", &Input::at,
        "As of this moment; now when left out. What happened later does not count. What stands in "
        "the contact itself has no history and is that of now.");
}

void ScoreLead::Output::describe(Fields<Output>& field) {
  describe_score(field);
  field("contributions", &Output::contributions,
        "Every reason with its points; they add up to the score before it is rounded.");
  field("version", &Output::version, "The version of the lead model.");
  field("at", &Output::at, "As of when.");
}

void ListLeadScores::Input::describe(Fields<Input>& field) {
  field("temperature", &Input::temperature, "Only these.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

void ListLeadScores::Item::describe(Fields<Item>& field) {
  describe_score(field);
  field("version", &Item::version, "The version of the lead model.");
  field("scored_at", &Item::scored_at, "When it was counted; it has been the same since.");
}

void ListLeadScores::Output::describe(Fields<Output>& field) {
  field("lead_scores", &Output::lead_scores, "The hottest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void ShownLeadModel::describe(Fields<ShownLeadModel>& field) {
  field("version", &ShownLeadModel::version, "Its number, from 1.");
  field("created_at", &ShownLeadModel::created_at,
        "When it was made; null for the one to begin with.");
  describe_rules(field);
}

void GetLeadModel::Input::describe(Fields<Input>& field) {
  field("version", &Input::version, "This version; the newest when left out.", {.min = 1});
}

void UpdateLeadModel::Input::describe(Fields<Input>& field) {
  describe_rules(field);
  field("if_version", &Input::if_version,
        "Refused when the newest version is another one by now: somebody else changed it.",
        {.min = 1});
}

}  // namespace piggy
