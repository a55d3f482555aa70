#include "connection/webhook.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "remote/base_url.h"
#include "shape/json.h"
#include "webhook/signature.h"

namespace piggy {
namespace {

constexpr ConnectorInfo about_webhook = {
    .name = "webhook",
    .title = "Webhook",
    .about =
        "Events to an address of yours, signed as Standard Webhooks says. Making the "
        "connection sends one of the type connection.check.",
    .key = "Signing secret (whsec_…)"};

constexpr std::string_view key_prefix = "whsec_";
constexpr std::size_t secret_bytes_min = 24;  // As the specification asks.
constexpr std::size_t secret_bytes_max = 64;

Result<SecretBytes> secret_in(std::string_view key) {
  SecretBytes secret(secret_bytes_max);
  std::size_t length = 0;
  if (key.starts_with(key_prefix)) key.remove_prefix(key_prefix.size());
  int read = sodium_base642bin(secret.data(), secret.size(), key.data(), key.size(), nullptr,
                               &length, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (read != 0 || length < secret_bytes_min) {
    return fail_field("/key", "The key must be whsec_ and 24 to 64 bytes in base64.");
  }
  return SecretBytes::copy_of(secret.view().substr(0, length));
}

bool is_type(std::string_view type) {
  return std::ranges::all_of(type, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_';
  });
}

}  // namespace

Result<std::string> webhook_signature(std::string_view key, std::string_view id,
                                      std::int64_t timestamp, std::string_view body) {
  SecretBytes secret = TRY(secret_in(key));
  return standard_signature(secret.view(), id, timestamp, body);
}

Webhook::Webhook(ServiceClient::Options options, const Clock& clock)
    : client_("The receiver", std::move(options), clock), clock_(clock) {
  add<SendWebhookEvent>(*this);
}

const ConnectorInfo& Webhook::info() const { return about_webhook; }

Result<> Webhook::may_be(const Reach& reach) const {
  TRY(read_base_url(reach.base_url));
  TRY(secret_in(reach.key.view()));
  return {};
}

Result<Whose> Webhook::check(const Reach& reach) {
  BaseUrl url = TRY(read_base_url(reach.base_url));
  std::int64_t now = clock_.now().microseconds;
  TRY(send(reach, fmt::format("check_{}", now), "connection.check", Value::object()));
  return Whose{.name = url.host, .settings = Value::object({{"account", url.prefix}})};
}

Result<int> Webhook::send(const Reach& reach, std::string_view id, std::string_view type,
                          const Value& data) {
  Time now = clock_.now();
  std::int64_t seconds = now.microseconds / microseconds_per_second;
  std::string body =
      to_json(Value::object({{"type", type}, {"timestamp", to_atom(now)}, {"data", data}}));
  http::Response response = TRY(client_.ask(
      {.method = "POST",
       .url = TRY(read_base_url(reach.base_url)).prefix,
       .headers = {"Content-Type: application/json", fmt::format("webhook-id: {}", id),
                   fmt::format("webhook-timestamp: {}", seconds),
                   fmt::format("webhook-signature: {}",
                               TRY(webhook_signature(reach.key.view(), id, seconds, body)))},
       .body = body,
       .writes = true,
       .harmless = true}));  // The receiver knows it by its id.
  return response.status;
}

Result<SendWebhookEvent::Output> SendWebhookEvent::act(Webhook& webhook, const Reach& reach,
                                                       const Input& input,
                                                       const OutsideRequest& request) {
  if (!is_type(input.type)) {
    return fail_field("/type", "A type has letters, digits, dots and underscores.");
  }
  std::string id = fmt::format("msg_{}", request.idempotency_key);
  int status = TRY(webhook.send(reach, id, input.type, input.data));
  return Output{.id = std::move(id), .status = status};
}

}  // namespace piggy
