#include "form/consent.h"

#include <doctest/doctest.h>

#include "contact/change_operations.h"
#include "form/test_form.h"

namespace piggy {
namespace {

constexpr std::string_view words = "Yes, send me \"news\" & offers.";

struct Newsletter {
  SubscriptionType type = {};
  Form form = {};
};

Newsletter consent_form(TestEngine& engine, SubscriptionStrategy strategy) {
  auto type = engine.run<CreateSubscriptionType>({.name = "News", .strategy = strategy});
  REQUIRE(type);
  Form form = make(engine, {{.name = "email", .label = "E-mail", .type = FormFieldType::email},
                            {.name = "news",
                             .label = "News",
                             .type = FormFieldType::consent,
                             .subscription_type_uuid = type->uuid,
                             .text = std::string(words)},
                            {.name = "note", .label = "Note"}});
  return {*type, form};
}

SubmitForm::Input agreed(const Form& form, std::string_view email, std::string_view note = "") {
  return {.uuid = form.uuid,
          .answers = Value::object({{"email", email}, {"news", "on"}, {"note", note}})};
}

SubscriptionStatus status(TestEngine& engine, std::string_view email,
                          const SubscriptionType& type) {
  SubscriptionStatus found = SubscriptionStatus::UNSUBSCRIBED;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    auto row = TRY(contact_by_email(t, email));
    REQUIRE(row);
    found = TRY(subscription_status(t, row->id, type));
    return {};
  }));
  return found;
}

std::vector<ConsentProof> proofs(TestEngine& engine, std::string_view email) {
  auto found = engine.run<ListConsentProofs>({.contact_uuid = contact(engine, email).value().uuid});
  REQUIRE(found);
  return found->proofs;
}

// What the link in a mail says.
ConfirmFormConsents::Input link_in(const Value& mail) {
  std::string text(mail.text_of("text"));
  std::size_t at = text.find("/forms/confirm/");
  REQUIRE(at != std::string::npos);
  std::string link = text.substr(at + 15, text.find('\n', at) - at - 15);
  return {.uuid = parse_uuid(link.substr(0, 36)).value(),
          .secret = link.substr(link.find('=') + 1)};
}

Result<ConfirmFormConsents::Output> follow(TestEngine& engine,
                                           const ConfirmFormConsents::Input& link) {
  return visit_as<ConfirmFormConsents>(engine, engine.caller(), link,
                                       {.address = "198.51.100.9", .user_agent = "Phone 2"});
}

}  // namespace

TEST_CASE("where one tick is enough it subscribes at once, and the proof says so") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::SUBSCRIBED);
  CHECK(mails(engine).empty());
  auto kept = proofs(engine, "ann@example.com");
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].state == ConsentState::given);
  CHECK(kept[0].text == words);
  CHECK(kept[0].given_address == "192.0.2.7");
  CHECK(kept[0].given_user_agent == "Browser 1");
  CHECK(kept[0].form_uuid == form.uuid);
  CHECK(events(engine, "contact_activity").size() == 2);  // Sent in, and subscribed.
}

TEST_CASE("a box that was not ticked is no consent, and no withdrawal either") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  REQUIRE(send(engine, {.uuid = form.uuid,
                        .answers = Value::object({{"email", "ann@example.com"}, {"note", "Hi"}})}));
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::SUBSCRIBED);
  CHECK(proofs(engine, "ann@example.com").size() == 1);
  auto nobody = send(engine, {.uuid = form.uuid, .answers = Value::object({{"news", "true"}})});
  REQUIRE(!nobody);
  CHECK(nobody.error().fields[0].path == "/email");
}

TEST_CASE("a double opt-in waits for the mail's link, which works once and leaves proof") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  auto sent = send(engine, agreed(form, "ann@example.com"));
  REQUIRE(sent);
  CHECK(sent->confirmation);
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::PENDING_CONFIRMATION);
  CHECK(proofs(engine, "ann@example.com")[0].state == ConsentState::pending);
  REQUIRE(mails(engine).size() == 1);
  CHECK(mails(engine)[0].text_of("html").find("&quot;news&quot; &amp; offers") !=
        std::string_view::npos);
  auto link = link_in(mails(engine)[0]);
  auto forged = link;
  forged.secret.back() = forged.secret.back() == '0' ? '1' : '0';
  CHECK(follow(engine, forged).error().code == ErrorCode::not_found);
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::PENDING_CONFIRMATION);
  pass(engine, microseconds_per_day);
  Time now = engine.clock().now();
  auto confirmed = follow(engine, link);
  REQUIRE(confirmed);
  CHECK(confirmed->subscriptions == std::vector<std::string>{"News"});
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::SUBSCRIBED);
  auto kept = proofs(engine, "ann@example.com");
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].state == ConsentState::confirmed);
  CHECK(kept[0].confirmed_at == now);
  CHECK(kept[0].confirmed_address == "198.51.100.9");
  CHECK(kept[0].confirmed_user_agent == "Phone 2");
  CHECK(kept[0].form_version == 1);
  CHECK(events(engine, "subscription_confirmed").size() == 1);
  CHECK(follow(engine, link).error().code == ErrorCode::conflict);
  CHECK(events(engine, "subscription_confirmed").size() == 1);
}

TEST_CASE("a link that was used does not undo that somebody unsubscribed since") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  auto link = link_in(mails(engine)[0]);
  REQUIRE(follow(engine, link));
  REQUIRE(engine.run<UnsubscribeContact>({.contact_uuid = contact(engine, "ann@example.com")->uuid,
                                          .subscription_type_uuid = type.uuid}));
  CHECK(!follow(engine, link));
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::UNSUBSCRIBED);
}

TEST_CASE("a link ends after a week, and with its submission when that was spam") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  auto bea = send(engine, agreed(form, "bea@example.com"));
  REQUIRE(bea);
  REQUIRE(engine.run<MarkSubmissionSpam>({.submission_uuid = bea->uuid}));
  CHECK(follow(engine, link_in(mails(engine)[1])).error().code == ErrorCode::conflict);
  pass(engine, 7 * microseconds_per_day + 1);
  CHECK(follow(engine, link_in(mails(engine)[0])).error().code == ErrorCode::conflict);
  CHECK(status(engine, "ann@example.com", type) == SubscriptionStatus::PENDING_CONFIRMATION);
  CHECK(events(engine, "subscription_confirmed").empty());
}

TEST_CASE("strangers cannot make us send more than three such mails a day to an address") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  std::optional<Uuid> last;
  for (int i = 0; i < 6; i++) {
    auto sent = send(engine, agreed(form, "ann@example.com", fmt::format("{}", i)));
    REQUIRE(sent);
    last = sent->uuid;
  }
  CHECK(mails(engine).size() == 3);
  auto refused = engine.run<ResendFormConfirmation>({.submission_uuid = *last});
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::too_many);
  pass(engine, microseconds_per_day + 1);
  REQUIRE(engine.run<ResendFormConfirmation>({.submission_uuid = *last}));
  REQUIRE(mails(engine).size() == 4);
  REQUIRE(follow(engine, link_in(mails(engine)[3])));
  CHECK(engine.run<ResendFormConfirmation>({.submission_uuid = *last}).error().code ==
        ErrorCode::conflict);
}

TEST_CASE("whoever receives it already is not asked again, and the answer does not tell") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  REQUIRE(follow(engine, link_in(mails(engine)[0])));
  auto again = send(engine, agreed(form, "ann@example.com", "again"));
  REQUIRE(again);
  CHECK(again->confirmation);
  CHECK(mails(engine).size() == 1);
}

TEST_CASE("with a contact it is forgotten from where it agreed, and its links end") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  REQUIRE(follow(engine, link_in(mails(engine)[0])));
  REQUIRE(send(engine, agreed(form, "bea@example.com")));
  for (const char* email : {"ann@example.com", "bea@example.com"}) {
    auto row = contact(engine, email);
    REQUIRE(engine.write([&](Transaction& t) { return forget_submissions(t, *row); }));
  }
  auto kept = proofs(engine, "ann@example.com");
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].text == words);
  CHECK(kept[0].given_address.empty());
  CHECK(kept[0].given_user_agent.empty());
  CHECK(kept[0].confirmed_address == "");
  CHECK(!follow(engine, link_in(mails(engine)[1])));
}

TEST_CASE("proofs follow a contact that becomes another, and are no other tenant's") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  REQUIRE(send(engine, agreed(form, "bea@example.com")));
  auto ann = contact(engine, "ann@example.com");
  auto bea = contact(engine, "bea@example.com");
  REQUIRE(engine.write([&](Transaction& t) { return move_submissions(t, *ann, *bea); }));
  CHECK(proofs(engine, "bea@example.com").size() == 2);
  CHECK(!engine.run_as<ListConsentProofs>(*engine.other_tenant(), {.contact_uuid = bea->uuid}));
}

TEST_CASE("the mail is in the language that the contact chose, else in that of the page") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  Visit dutch{.language = Language::nl};
  REQUIRE(send(engine, agreed(form, "ann@example.com"), dutch));
  REQUIRE(mails(engine).size() == 1);
  Value mail = mails(engine)[0];
  CHECK(mail.text_of("subject").starts_with("Bevestig even: "));
  CHECK(mail.text_of("text").contains(" en ging akkoord met:\n\n- " + std::string(words) + "\n"));
  CHECK(mail.text_of("text").contains("Was jij dat? Bevestig het hier, binnen zeven dagen:\nhttp"));
  CHECK(mail.text_of("html").contains("<li>Yes, send me &quot;news&quot; &amp; offers.</li>"));
  CHECK(mail.text_of("html").contains("\">Bevestig het hier</a>, binnen zeven dagen.</p>"));

  auto bea = engine.run<CreateContact>({.email = "bea@example.com"});
  REQUIRE(bea);
  REQUIRE(engine.run<UpdateContact>({bea->uuid, Value::object({{"locale", "en"}})}));
  REQUIRE(send(engine, agreed(form, "bea@example.com"), dutch));
  CHECK(mails(engine)[1].text_of("text").contains("If it was you, please confirm it here, within"));
}

TEST_CASE("what became of the mail's link is told in the language of who follows it") {
  TestEngine engine;
  auto [type, form] = consent_form(engine, SubscriptionStrategy::DOUBLE_OPT_IN);
  REQUIRE(send(engine, agreed(form, "ann@example.com")));
  ConfirmFormConsents::Input link = link_in(mails(engine)[0]);
  Visit dutch{.language = Language::nl};
  pass(engine, 8 * microseconds_per_day);
  auto late = visit_as<ConfirmFormConsents>(engine, engine.caller(), link, dutch);
  REQUIRE(!late);
  CHECK(late.error().message == "Deze link is te oud. Vul het formulier nog een keer in.");
  pass(engine, -8 * microseconds_per_day);
  REQUIRE(visit_as<ConfirmFormConsents>(engine, engine.caller(), link, dutch));
  auto again = visit_as<ConfirmFormConsents>(engine, engine.caller(), link, dutch);
  REQUIRE(!again);
  CHECK(again.error().message == "Dit is al bevestigd.");
}

}  // namespace piggy
