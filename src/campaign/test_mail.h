#pragma once

// An account with a template, a purpose and contacts, for tests.

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "campaign/mail_template.h"
#include "campaign/send.h"
#include "contact/subscription_operations.h"

namespace piggy {

struct MailShop {
  TestEngine engine;
  SubscriptionType news = {};
  MailTemplateRow hello = {};

  MailShop() {
    auto made = engine.run<CreateSubscriptionType>(
        {.name = "News", .strategy = SubscriptionStrategy::OPT_IN});
    REQUIRE(made);
    news = *made;
    hello = make_template({.name = "Hello",
                           .subscription_type_id = news.id,
                           .subject = "Hello",
                           .html = "<p>Hello</p>"});
  }

  MailTemplateRow make_template(MailTemplateRow row) {
    write([&](Transaction& transaction) { return make_mail_template(transaction, row); });
    return row;
  }

  ContactRow contact(const std::string& email, bool subscribed = true) {
    ContactRow row;
    write([&](Transaction& transaction) -> Result<> {
      row = TRY(make_contact(transaction, {.email = email}));
      if (!subscribed) return {};
      return set_subscription(transaction, row.id, news, SubscriptionStatus::SUBSCRIBED);
    });
    return row;
  }

  QueuedSend queue(const ContactRow& contact, const std::string& key,
                   std::optional<Uuid> source = {}) {
    QueuedSend queued;
    write([&](Transaction& transaction) -> Result<> {
      queued = TRY(queue_send(
          transaction,
          {.contact_id = contact.id, .template_id = hello.id, .key = key, .source = source}));
      return {};
    });
    return queued;
  }

  SendRow send(const Uuid& uuid) {
    SendRow row;
    read([&](Transaction& transaction) -> Result<> {
      auto found = TRY(send_by_uuid(transaction, uuid));
      REQUIRE(found);
      row = *found;
      return {};
    });
    return row;
  }

  void write(const std::function<Result<>(Transaction&)>& work) { REQUIRE(engine.write(work)); }
  void read(const std::function<Result<>(Transaction&)>& work) {
    REQUIRE(engine.database().read(engine.caller().account_id, work));
  }
};

}  // namespace piggy
