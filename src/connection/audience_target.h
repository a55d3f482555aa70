#pragma once

// What the services have in common that keep lists of addresses and send to them: who is on a list
// can be added to, taken away from, and counted.

#include <span>

#include "connection/declared_connector.h"
#include "connection/service_client.h"

namespace piggy {

struct AudienceMember {
  std::string email = {};
  std::string id = {};  // The contact's uuid; "" where nobody knows it.
};

struct AudienceRefusal {
  std::string email = {};
  std::string reason = {};  // A sentence; its end may be the other side's own words.
  static void describe(Fields<AudienceRefusal>& field) {
    field("email", &AudienceRefusal::email, "The address.", {.untrusted = true});
    field("reason", &AudienceRefusal::reason, "Why it was not taken.", {.untrusted = true});
  }
};

struct AudienceList {
  std::string id = {};
  std::string name = {};
  std::optional<std::int64_t> members = {};
  static void describe(Fields<AudienceList>& field) {
    field("id", &AudienceList::id, "What other tools call it by.");
    field("name", &AudienceList::name, "Its name there.", {.untrusted = true});
    field("members", &AudienceList::members, "How many are on it, where that is told.");
  }
};

// A connector whose lists can be pushed to. Thread-safe and blocking, as connectors are; one call
// takes less than a minute if the other side answers at all.
class AudienceConnector : public DeclaredConnector {
 public:
  using Refusals = std::vector<AudienceRefusal>;

  virtual Result<std::vector<AudienceList>> lists(const Reach& reach) = 0;
  virtual Result<std::int64_t> count(const Reach& reach, const std::string& list) = 0;
  // Puts those who entered on the list and takes those who left off it. The rows that the other
  // side refused come back, all others are done. Twice is as good as once, so that an error, after
  // which nobody knows what was done, is answered by the same call again; `key` is the same then.
  // Whoever has unsubscribed there is never subscribed again: that is a refusal.
  virtual Result<Refusals> push(const Reach& reach, const std::string& list,
                                std::span<const AudienceMember> entered,
                                std::span<const AudienceMember> left, std::string_view key) = 0;
  // How many of each a push takes.
  virtual std::size_t entered_max() const = 0;
  virtual std::size_t left_max() const = 0;
  // Whether a list can have this id: "" or what is wrong.
  virtual std::string wrong_with_list(std::string_view list) const = 0;

 protected:
  void add_audience_tools();
};

// What a service answered in earnest: a refusal in words of ours, with its own behind them.
// `unauthenticated` for 401.
Error audience_refusal(std::string_view title, int status, std::string_view said);
// A stranger's words, as far as they can stand in a sentence: one line, of bounded length.
std::string quoted(std::string_view words);

inline constexpr std::int64_t audience_tool_members_max = 500;

struct ListAudiences {
  static constexpr OperationInfo info = {
      .name = "list_audiences",
      .title = "List Audiences",
      .about =
          "Lists the mailing lists of the connected service, with the ids that other tools and "
          "push_segment take. Changes nothing.",
      .scope = "connections:write",
      .surface = Surface::platform};
  using Input = Empty;
  struct Output {
    std::vector<AudienceList> lists = {};
    static void describe(Fields<Output>& field) { field("lists", &Output::lists, "The lists."); }
  };
  static Result<Output> act(AudienceConnector& connector, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct CountMembers {
  static constexpr OperationInfo info = {
      .name = "count_members",
      .title = "Count Audience Members",
      .about = "Counts who is on a mailing list of the connected service. Changes nothing.",
      .scope = "connections:write",
      .surface = Surface::platform};
  struct Input {
    std::string list = {};
    static void describe(Fields<Input>& field) {
      field("list", &Input::list, "The list's id: see list_audiences.", {.min = 1, .max = 100});
    }
  };
  struct Output {
    std::int64_t members = 0;
    static void describe(Fields<Output>& field) {
      field("members", &Output::members, "How many are on it.");
    }
  };
  static Result<Output> act(AudienceConnector& connector, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct AudienceAddresses {
  std::string list = {};
  std::vector<std::string> emails = {};
  static void describe(Fields<AudienceAddresses>& field) {
    field("list", &AudienceAddresses::list, "The list's id: see list_audiences.",
          {.min = 1, .max = 100});
    field("emails", &AudienceAddresses::emails, "The addresses, 500 at most.",
          {.min = 1, .max = audience_tool_members_max});
  }
};

struct AudienceOutcome {
  std::int64_t taken = 0;
  std::vector<AudienceRefusal> refused = {};
  static void describe(Fields<AudienceOutcome>& field) {
    field("taken", &AudienceOutcome::taken, "How many the service took.");
    field("refused", &AudienceOutcome::refused, "Whom it refused, and why.");
  }
};

struct AddMembers {
  static constexpr OperationInfo info = {
      .name = "add_members",
      .title = "Add Audience Members",
      .about =
          "Puts addresses on a mailing list of the connected service. Only for people who agreed "
          "to that; to keep a list equal to a segment use push_segment. Who has unsubscribed "
          "there stays so. remove_members takes them off again; what was mailed meanwhile was "
          "mailed.",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = AudienceAddresses;
  using Output = AudienceOutcome;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Amounts amounts(const Input& input, const Output&) {
    return {.contacts = static_cast<std::int64_t>(input.emails.size())};
  }
  static Result<Output> act(AudienceConnector& connector, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct RemoveMembers {
  static constexpr OperationInfo info = {
      .name = "remove_members",
      .title = "Remove Audience Members",
      .about =
          "Takes addresses off a mailing list of the connected service; they stay known there. "
          "Who is not on it is passed over. add_members puts them back.",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = AudienceAddresses;
  using Output = AudienceOutcome;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Amounts amounts(const Input& input, const Output&) {
    return {.contacts = static_cast<std::int64_t>(input.emails.size())};
  }
  static Result<Output> act(AudienceConnector& connector, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

}  // namespace piggy
