#pragma once

// Events to an address of the account's own, signed as Standard Webhooks says
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), so
// that any receiver can check where they come from and drop what comes twice.

#include "connection/declared_connector.h"
#include "connection/service_client.h"

namespace piggy {

class Webhook final : public DeclaredConnector {
 public:
  Webhook(ServiceClient::Options options, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  // Sends an event of the type `connection.check`.
  Result<Whose> check(const Reach& reach) override;

  // `id` is the same however often the event is sent.
  Result<int> send(const Reach& reach, std::string_view id, std::string_view type,
                   const Value& data);

 private:
  ServiceClient client_;
  const Clock& clock_;
};

// The value of `webhook-signature`: "v1," and the HMAC-SHA256 of "id.timestamp.body" in base64.
// `key` as it is given out, "whsec_" and base64.
Result<std::string> webhook_signature(std::string_view key, std::string_view id,
                                      std::int64_t timestamp, std::string_view body);

struct SendWebhookEvent {
  static constexpr OperationInfo info = {
      .name = "send_event",
      .title = "Send Webhook Event",
      .about =
          "Sends an event to the connected address, signed. What the receiver makes of it is "
          "its own affair; it cannot be taken back from here.",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string type = {};
    Value data = {};
    static void describe(Fields<Input>& field) {
      field("type", &Input::type, "What happened, like contact.won_back.", {.min = 1, .max = 100});
      field("data", &Input::data, "What there is to say about it.");
    }
  };
  struct Output {
    std::string id = {};
    std::int64_t status = 0;
    static void describe(Fields<Output>& field) {
      field("id", &Output::id, "The event's number (webhook-id).");
      field("status", &Output::status, "The HTTP status of the answer.");
    }
  };
  static Result<Output> act(Webhook& webhook, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

}  // namespace piggy
