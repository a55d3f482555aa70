#pragma once

#include "lead/lead_score.h"
#include "operation/operation.h"

namespace piggy {

struct ScoreLead {
  static constexpr OperationInfo info = {
      .name = "score_lead",
      .title = "Score Lead",
      .about =
          "Says how warm a contact is: a score of 0 to 100, made of fit (who they are) and "
          "engagement (what they did, fading with time), a cell from A1 to C3, and nurture, warm "
          "or "
          "hot. Lists every reason with its points, so that you can say why. Use it before you "
          "choose what to send to somebody, such as a sequence. Counts it anew, as of `at` when "
          "given, and changes nothing.",
      .verb = Verb::get,
      .path = "/leads/{contact_uuid}/score",
      .scope = "leads:read",
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    Uuid contact_uuid = {};
    std::optional<Time> at = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    ContactReference contact = {};
    std::int64_t score = 0;
    std::string cell = {};
    LeadTemperature temperature = LeadTemperature::nurture;
    double fit = 0;
    double engagement = 0;
    std::vector<LeadContribution> contributions = {};
    std::int64_t version = 1;
    Time at = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ListLeadScores {
  static constexpr OperationInfo info = {
      .name = "list_lead_scores",
      .title = "List Lead Scores",
      .about =
          "Lists contacts by their score, the hottest first, of one temperature if asked. These "
          "are "
          "the scores as they were last counted: after each thing that happened to a contact, and "
          "once a night. For one contact with reasons, counted anew, use score_lead. Changes "
          "nothing.",
      .verb = Verb::get,
      .path = "/lead-scores",
      .scope = "leads:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<LeadTemperature> temperature = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Item {
    ContactReference contact = {};
    std::int64_t score = 0;
    std::string cell = {};
    LeadTemperature temperature = LeadTemperature::nurture;
    double fit = 0;
    double engagement = 0;
    std::int64_t version = 1;
    Time scored_at = {};
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> lead_scores = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

// A version of the model, as it is shown.
struct ShownLeadModel {
  std::int64_t version = 1;
  std::optional<Time> created_at = {};
  std::vector<FitRule> fit_rules = {};
  std::vector<EngagementRule> engagement_rules = {};
  std::vector<EngagementGroup> groups = {};
  LeadThresholds thresholds = {};
  static void describe(Fields<ShownLeadModel>& field);
};

struct GetLeadModel {
  static constexpr OperationInfo info = {
      .name = "get_lead_model",
      .title = "Get Lead Model",
      .about =
          "Shows the rules by which contacts are scored: who they are, what they did and how fast "
          "that fades, and where warm and hot begin. Of an older version if asked, such as the one "
          "that a score names. Changes nothing.",
      .verb = Verb::get,
      .path = "/lead-model",
      .scope = "leads:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<std::int64_t> version = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ShownLeadModel;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateLeadModel {
  static constexpr OperationInfo info = {
      .name = "update_lead_model",
      .title = "Update Lead Model",
      .about =
          "Changes the rules by which contacts are scored, by making a new version; older versions "
          "stay to be looked at. Each part that is given (fit_rules, engagement_rules, groups, "
          "thresholds) takes the place of that whole part, what is not given stays, so begin with "
          "get_lead_model. All contacts are scored again in the background, which may move many of "
          "them between nurture, warm and hot, and start what waits for that. To go back, give the "
          "rules of an older version again.",
      .verb = Verb::put,
      .path = "/lead-model",
      .scope = "leads:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::optional<std::vector<FitRule>> fit_rules = {};
    std::optional<std::vector<EngagementRule>> engagement_rules = {};
    std::optional<std::vector<EngagementGroup>> groups = {};
    std::optional<LeadThresholds> thresholds = {};
    std::optional<std::int64_t> if_version = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ShownLeadModel;
  static Result<Output> run(Call& call, const Input& input);
};

void add_lead_operations(Catalogue& catalogue);

}  // namespace piggy
