#include "connection/slack.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "http/form.h"
#include "remote/base_url.h"
#include "remote/failure.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr ConnectorInfo about_slack = {
    .name = "slack",
    .title = "Slack",
    .about =
        "Messages to the channels and people of a Slack workspace, sent by a bot. The bot needs "
        "the scopes chat:write, im:write, im:history, users:read and users:read.email. By the "
        "histories it may read (im:history; channels:history for channels) it finds out whether a "
        "message that was interrupted has arrived.",
    .key = "Bot token (xoxb-…)",
    .base_url = "https://slack.com/api",
    .oauth = true};

constexpr std::string_view api_path = "/api";
constexpr std::string_view metadata_type = "piggy_message";
constexpr std::chrono::milliseconds turn{1'000};
constexpr std::chrono::milliseconds wait_max{15'000};  // Who would wait longer gives up.
constexpr std::size_t turns_max = 1'000;
constexpr std::size_t blocks_max = 50;
// https://docs.slack.dev/authentication/installing-with-oauth
// What each tool needs of them.
constexpr struct {
  std::string_view scope;
  bool find_user, send_message, send_direct_message;
} bot_scopes[] = {{"chat:write", false, true, true},
                  {"im:write", false, false, true},
                  {"im:history", false, false, true},
                  {"users:read", true, false, true},
                  {"users:read.email", true, false, true}};

// What is refused often, in words. https://docs.slack.dev/reference/methods/chat.postMessage#errors
constexpr std::pair<std::string_view, std::string_view> refusals[] = {
    {"channel_not_found", "There is no such channel, or the bot cannot see it."},
    {"not_in_channel", "The bot is not a member of that channel: invite it there."},
    {"is_archived", "That channel is archived."},
    {"msg_too_long", "The message is too long for Slack."},
    {"invalid_blocks", "Slack does not understand these blocks."},
    {"invalid_blocks_format", "Slack does not understand these blocks."},
    {"users_not_found", "Nobody in the workspace has that address."},
    {"user_not_found", "Nobody in the workspace has that address."},
    {"restricted_action", "The workspace does not let the bot post there."},
    {"missing_scope", "The bot token lacks a scope that this needs."}};

constexpr std::string_view dead_keys[] = {"invalid_auth", "not_authed", "account_inactive",
                                          "token_revoked", "token_expired"};

bool is_token(std::string_view key) {
  return std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

// What Slack says under `"ok": false`: a word, which is a stranger's.
Error refusal_of(std::string_view word) {
  bool plain = word.size() <= 60 && std::ranges::all_of(word, [](char c) {
                 return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
               });
  if (!plain || word.empty()) word = "unknown";
  if (std::ranges::find(dead_keys, word) != std::end(dead_keys)) {
    return {.code = ErrorCode::unauthenticated,
            .message = fmt::format("Slack refused the bot token ({}).", word),
            .number = 401};
  }
  if (word == "ratelimited" || word == "rate_limited") {
    return {.code = ErrorCode::too_many, .message = "Slack asks to wait a while."};
  }
  auto found =
      std::ranges::find(refusals, word, &std::pair<std::string_view, std::string_view>::first);
  std::string_view sentence =
      found == std::end(refusals) ? std::string_view("Slack refused it.") : found->second;
  bool no_such = word.ends_with("_not_found");
  return {.code = no_such ? ErrorCode::not_found : ErrorCode::conflict,
          .message = fmt::format("{} ({})", sentence, word)};
}

std::unexpected<Error> unreadable(std::string_view more = {}) {
  return fail(ErrorCode::unavailable,
              fmt::format("Slack gave an answer that cannot be read.{}", more));
}

std::unexpected<Error> perhaps_posted() {
  return fail(ErrorCode::conflict,
              fmt::format("Slack was asked to post this and nobody knows whether it did.{} Look "
                          "there before you ask for it again.",
                          perhaps_done));
}

// Slack recognises no repetition. So each message carries its key where readers do not see it, and
// where it is unknown whether one arrived, the newest of the channel are looked through.
// https://docs.slack.dev/messaging/message-metadata
std::string metadata_of(std::string_view key) {
  return to_json(Value::object(
      {{"event_type", metadata_type}, {"event_payload", Value::object({{"key", key}})}}));
}

// An error when that cannot be told: the bot may not read there, or there is more than one page.
Result<std::optional<SlackMessage>> find_posted(Slack& slack, const Reach& reach,
                                                std::string_view channel, std::string_view key) {
  auto history =
      slack.ask(reach, "conversations.history",
                {{"channel", channel}, {"limit", "100"}, {"include_all_metadata", "true"}}, false);
  const Value* messages = history ? history->find("messages") : nullptr;
  if (!messages || !messages->items()) return perhaps_posted();
  for (const Value& message : *messages->items()) {
    const Value* metadata = message.find("metadata");
    const Value* payload = metadata ? metadata->find("event_payload") : nullptr;
    if (!payload || metadata->text_of("event_type") != metadata_type) continue;
    if (payload->text_of("key") != key) continue;
    return SlackMessage{.channel = std::string(channel),
                        .message = std::string(message.text_of("ts"))};
  }
  const Value* more = history->find("has_more");
  if (more && more->boolean() && *more->boolean()) return perhaps_posted();
  return std::nullopt;
}

Result<SlackMessage> post(Slack& slack, const Reach& reach, std::string_view channel,
                          std::string_view text, const std::optional<Value>& blocks,
                          const OutsideRequest& request) {
  std::string_view key = request.idempotency_key;
  if (request.perhaps_done) {
    // By a process that is gone: what is not there by now does not come any more.
    auto found = TRY(find_posted(slack, reach, channel, key));
    if (found) return *std::move(found);
  }
  std::string metadata = metadata_of(key);
  Slack::Arguments arguments = {
      {"channel", channel}, {"text", text}, {"unfurl_links", "false"}, {"metadata", metadata}};
  std::string layout = blocks ? to_json(*blocks) : "";
  if (blocks) arguments.push_back({"blocks", layout});
  TRY(slack.wait_for_turn(reach, channel));
  auto posted = slack.ask(reach, "chat.postMessage", arguments, true);
  if (!posted && posted.error().message.ends_with(perhaps_done)) {
    // It may still be on its way: what is not there yet is not sent again either.
    auto found = TRY(find_posted(slack, reach, channel, key));
    if (found) return *std::move(found);
    return perhaps_posted();
  }
  TRY(std::move(posted));
  return SlackMessage{.channel = std::string(posted->text_of("channel")),
                      .message = std::string(posted->text_of("ts"))};
}

void check_blocks(const std::optional<Value>& blocks, std::vector<FieldError>& problems) {
  if (!blocks) return;
  const Value::List* list = blocks->items();
  bool fits =
      list && !list->empty() && list->size() <= blocks_max &&
      std::ranges::all_of(*list, [](const Value& block) { return !block.text_of("type").empty(); });
  if (!fits) problems.push_back({"/blocks", "Blocks are a list of 1 to 50, each with a type."});
}

}  // namespace

Slack::Slack(ServiceClient::Options options, const Clock& clock)
    : client_(std::string(about_slack.title), options, clock), sleep_(options.sleep) {
  if (!sleep_) sleep_ = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); };
  add<FindSlackUser>(*this);
  add<SendSlackMessage>(*this);
  add<SendSlackDirectMessage>(*this);
}

const ConnectorInfo& Slack::info() const { return about_slack; }

Result<> Slack::may_be(const Reach& reach) const {
  TRY(read_base_url(reach.base_url));
  if (is_token(reach.key.view())) return {};
  return fail_field("/key", "The key must be the bot token as Slack shows it.");
}

Result<OAuthTerms> Slack::oauth(const std::string& base_url, const Permissions& permissions) const {
  std::string api = TRY(read_base_url(base_url)).prefix, site = api;
  if (site.ends_with(api_path)) site.resize(site.size() - api_path.size());
  bool find = permits(permissions, FindSlackUser::info.name);
  bool send = permits(permissions, SendSlackMessage::info.name);
  bool direct = permits(permissions, SendSlackDirectMessage::info.name);
  std::string scopes;
  for (const auto& one : bot_scopes) {
    bool needed = (find && one.find_user) || (send && one.send_message) ||
                  (direct && one.send_direct_message);
    if (needed) scopes += (scopes.empty() ? "" : ",") + std::string(one.scope);
  }
  return OAuthTerms{.scopes = std::move(scopes),
                    .server = OAuthServer{.issuer = site,
                                          .authorization_endpoint = site + "/oauth/v2/authorize",
                                          .token_endpoint = api + "/oauth.v2.access"}};
}

Result<Whose> Slack::check(const Reach& reach) {
  Value answer = TRY(ask(reach, "auth.test", {}, false));
  return Whose{.name = std::string(answer.text_of("team")),
               .settings = Value::object(
                   {{"account", answer.text_of("team_id")}, {"bot", answer.text_of("user_id")}})};
}

Result<bool> Slack::revoke(const Reach& reach) {
  TRY(ask(reach, "auth.revoke", {}, true));
  return true;
}

Result<> Slack::wait_for_turn(const Reach& reach, std::string_view channel) {
  std::string place = fmt::format("{} {}", reach.settings.text_of("account"), channel);
  Moment now = std::chrono::steady_clock::now(), mine = now;
  {
    std::lock_guard lock(mutex_);
    if (turns_.size() > turns_max) {
      std::erase_if(turns_, [&](const auto& one) { return one.second <= now; });
    }
    Moment& next = turns_[place];
    mine = std::max(next, now);
    if (mine - now > wait_max) {
      return fail({.code = ErrorCode::too_many,
                   .message = "Slack takes one message a second in a channel, and many wait there.",
                   .retry_after_seconds = static_cast<int>(wait_max / std::chrono::seconds(1))});
    }
    next = mine + turn;
  }
  if (mine > now) sleep_(std::chrono::ceil<std::chrono::milliseconds>(mine - now));
  return {};
}

// The one form that all of its methods take.
Result<Value> Slack::ask(const Reach& reach, std::string_view method, const Arguments& arguments,
                         bool writes) {
  std::string form;
  for (const auto& [name, value] : arguments) {
    form += fmt::format("{}{}={}", form.empty() ? "" : "&", name, http::percent_encode(value));
  }
  http::Response response = TRY(
      client_.ask({.method = "POST",
                   .url = fmt::format("{}/{}", TRY(read_base_url(reach.base_url)).prefix, method),
                   .headers = {"Content-Type: application/x-www-form-urlencoded; charset=utf-8",
                               "Accept: application/json",
                               fmt::format("Authorization: Bearer {}", reach.key.view())},
                   .body = std::move(form),
                   .writes = writes,
                   .harmless = !writes}));
  auto answer = parse_json(response.body);
  const Value* fine = answer ? answer->find("ok") : nullptr;
  if (!fine || !fine->boolean()) {
    return unreadable(writes ? perhaps_done : "");
  }
  if (*fine->boolean()) return *std::move(answer);
  return fail(refusal_of(answer->text_of("error")));
}

Result<FindSlackUser::Output> FindSlackUser::act(Slack& slack, const Reach& reach,
                                                 const Input& input, const OutsideRequest&) {
  Value found = TRY(slack.ask(reach, "users.lookupByEmail", {{"email", input.email}}, false));
  const Value* user = found.find("user");
  if (!user) return unreadable();
  std::string_view name = user->text_of("real_name");
  return Output{.user = std::string(user->text_of("id")),
                .name = std::string(name.empty() ? user->text_of("name") : name),
                .time_zone = std::string(user->text_of("tz"))};
}

void SendSlackMessage::check(const Input& input, std::vector<FieldError>& problems) {
  check_blocks(input.blocks, problems);
}

void SendSlackDirectMessage::check(const Input& input, std::vector<FieldError>& problems) {
  check_blocks(input.blocks, problems);
}

Result<SlackMessage> SendSlackMessage::act(Slack& slack, const Reach& reach, const Input& input,
                                           const OutsideRequest& request) {
  return post(slack, reach, input.channel, input.text, input.blocks, request);
}

Result<SlackMessage> SendSlackDirectMessage::act(Slack& slack, const Reach& reach,
                                                 const Input& input,
                                                 const OutsideRequest& request) {
  auto user = TRY(FindSlackUser::act(slack, reach, {.email = input.email}, request));
  // Opening one that is open already changes nothing.
  Value opened = TRY(slack.ask(reach, "conversations.open", {{"users", user.user}}, false));
  const Value* channel = opened.find("channel");
  if (!channel) return unreadable();
  return post(slack, reach, channel->text_of("id"), input.text, input.blocks, request);
}

}  // namespace piggy
