#pragma once

// Webhooks in a test: an account with a vault, events that are followed, and a receiver that says
// what the test wants it to.

#include <doctest/doctest.h>

#include <deque>

#include "app/test_engine.h"
#include "contact/contact.h"
#include "database/test_rows.h"
#include "event/event.h"
#include "event/follow.h"
#include "vault/vault.h"
#include "webhook/delivery_operations.h"
#include "webhook/operations.h"
#include "webhook/sender.h"

namespace piggy {

struct TestReceiver {
  TestReceiver() {
    auto opened = Vault::open(engine.database(), {.directory = folder.file("")});
    REQUIRE(opened);
    vault = *std::move(opened);
    followers = std::make_unique<Followers>(engine.database());
    add_webhook_follower(*followers);
    REQUIRE(followers->catch_up());
  }

  WebhookSubscription subscribe(CreateWebhookSubscription::Input input = {}) {
    if (input.name.empty()) input.name = "Ours";
    if (input.url.empty()) input.url = "https://example.com/hook?key=1";
    auto made = engine.run<CreateWebhookSubscription>(input, std::as_const(vault));
    REQUIRE(made);
    return *made;
  }

  ContactRow contact(const std::string& email) {
    ContactRow row;
    REQUIRE(engine.write([&](Transaction& transaction) -> Result<> {
      row = TRY(make_contact(transaction, {.email = email}));
      return {};
    }));
    return row;
  }

  void happens(WebhookEvent type, const Value& payload, const Uuid& subject = {}) {
    REQUIRE(engine.write([&](Transaction& transaction) {
      return emit(transaction, word_of(type), subject, payload);
    }));
  }

  // Everybody sees what happened, and what is due is sent.
  void pass(std::int64_t seconds = 0) {
    engine.clock().time = engine.clock().now() + seconds * microseconds_per_second;
    REQUIRE(followers->catch_up());
    REQUIRE(sender.send_all_due());
  }

  std::vector<WebhookDelivery> deliveries(const ListWebhookDeliveries::Input& input = {}) {
    auto listed = engine.run<ListWebhookDeliveries>(input);
    REQUIRE(listed);
    return std::move(listed->deliveries);
  }

  // What it is signed with, or was.
  std::string header(const WebhookRequest& request, std::string_view name) {
    for (const std::string& header : request.headers) {
      if (header.starts_with(std::string(name) + ": ")) return header.substr(name.size() + 2);
    }
    return {};
  }

  TestEngine engine;
  test_rows::Folder folder;
  std::unique_ptr<Vault> vault;
  std::unique_ptr<Followers> followers;
  std::vector<WebhookRequest> heard = {};
  std::deque<WebhookAnswer> answers = {};  // Then 200.
  std::function<void()> meanwhile = {};    // While a request is under way.
  WebhookSender sender{engine.database(), vault, [this](const WebhookRequest& request) {
                         heard.push_back(request);
                         if (meanwhile) meanwhile();
                         WebhookAnswer answer{.status = 200};
                         if (!answers.empty()) {
                           answer = answers.front();
                           answers.pop_front();
                         }
                         return answer;
                       }};
};

inline WebhookAnswer answered(std::int64_t status, std::string words = {}) {
  return {.status = status, .words = std::move(words), .problem = "It answered."};
}

}  // namespace piggy
