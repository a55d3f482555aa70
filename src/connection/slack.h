#pragma once

// Slack, by its Web API: https://docs.slack.dev/apis/web-api. Its errors come in two layers, by
// HTTP status and as `"ok": false` under 200; it recognises no repetition, so that a message that
// may have arrived is looked for in its channel before it is sent again, and left alone where the
// bot may not look. It takes about one message a second in a channel
// (https://docs.slack.dev/apis/web-api/rate-limits), so that each waits for its turn here.

#include <map>
#include <mutex>

#include "connection/declared_connector.h"
#include "connection/service_client.h"

namespace piggy {

class Slack final : public DeclaredConnector {
 public:
  Slack(ServiceClient::Options options, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  // As an app that somebody has made there, by the same page and method as its "Add to Slack".
  Result<OAuthTerms> oauth(const std::string& base_url,
                           const Permissions& permissions) const override;
  Result<Whose> check(const Reach& reach) override;
  Result<bool> revoke(const Reach& reach) override;

  // A method with its arguments; the answer, whose `ok` is true.
  using Arguments = std::vector<std::pair<std::string_view, std::string_view>>;
  Result<Value> ask(const Reach& reach, std::string_view method, const Arguments& arguments,
                    bool writes);
  // Waits until the next message may be posted into a channel. `too_many` when that is too long.
  Result<> wait_for_turn(const Reach& reach, std::string_view channel);

 private:
  using Moment = std::chrono::steady_clock::time_point;

  ServiceClient client_;
  std::function<void(std::chrono::milliseconds)> sleep_;
  std::mutex mutex_;
  std::map<std::string, Moment> turns_;  // The next of each channel, where that lies ahead.
};

struct FindSlackUser {
  static constexpr OperationInfo info = {
      .name = "find_user",
      .title = "Find Slack User",
      .about =
          "Finds the member of the workspace who has an e-mail address. Use it to learn the "
          "id that other Slack tools take. Changes nothing.",
      .scope = "connections:write",
      .surface = Surface::platform};
  struct Input {
    std::string email = {};
    static void describe(Fields<Input>& field) {
      field("email", &Input::email, "The address.", {.max = 254, .format = Format::email});
    }
  };
  struct Output {
    std::string user = {};
    std::string name = {};
    std::string time_zone = {};
    static void describe(Fields<Output>& field) {
      field("user", &Output::user, "The member's id.");
      field("name", &Output::name, "The member's name.", {.untrusted = true});
      field("time_zone", &Output::time_zone, "The member's IANA time zone.");
    }
  };
  static Result<Output> act(Slack& slack, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

inline constexpr std::string_view slack_blocks =
    "The message in Slack's Block Kit, a list of at most 50 blocks. The text is then what "
    "notifications show.";

struct SlackMessage {
  std::string channel = {};
  std::string message = {};
  static void describe(Fields<SlackMessage>& field) {
    field("channel", &SlackMessage::channel, "The conversation it stands in.");
    field("message", &SlackMessage::message, "The message's own number there (ts).");
  }
};

struct SendSlackMessage {
  static constexpr OperationInfo info = {
      .name = "send_message",
      .title = "Send Slack Message",
      .about =
          "Posts a message into a channel that the bot is a member of. It cannot be taken back "
          "from here.",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string channel = {};
    std::string text = {};
    std::optional<Value> blocks = {};
    static void describe(Fields<Input>& field) {
      field("channel", &Input::channel, "The channel: its id, or its name with #.",
            {.min = 1, .max = 100});
      field("text", &Input::text, "The message, in Slack's mrkdwn.", {.min = 1, .max = 12'000});
      field("blocks", &Input::blocks, slack_blocks);
    }
  };
  using Output = SlackMessage;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> act(Slack& slack, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct SendSlackDirectMessage {
  static constexpr OperationInfo info = {
      .name = "send_direct_message",
      .title = "Send Slack Direct Message",
      .about =
          "Sends a message to one person of the workspace, named by e-mail address. It cannot "
          "be taken back from here.",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string email = {};
    std::string text = {};
    std::optional<Value> blocks = {};
    static void describe(Fields<Input>& field) {
      field("email", &Input::email, "The person's address.", {.max = 254, .format = Format::email});
      field("text", &Input::text, "The message, in Slack's mrkdwn.", {.min = 1, .max = 12'000});
      field("blocks", &Input::blocks, slack_blocks);
    }
  };
  using Output = SlackMessage;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Amounts amounts(const Input&, const Output&) { return {.contacts = 1}; }
  static Result<Output> act(Slack& slack, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

}  // namespace piggy
