#include "campaign/template_operations.h"

#include "campaign/test_mail.h"
#include "contact/attribute_operations.h"
#include "contact/change_operations.h"

namespace piggy {

TEST_CASE("all that is wrong with a template is named at once") {
  MailShop shop;
  auto refused = shop.engine.run<CreateMailTemplate>({.name = "Hello",
                                                      .subscription_type_uuid = Uuid{},
                                                      .subject = "{{ contact.shoe_size }}",
                                                      .html = "{{ broken | upper }} {{ other }}"});
  REQUIRE(!refused);
  REQUIRE(refused.error().fields.size() == 5);
  CHECK(refused.error().fields[0].path == "/name");
  CHECK(refused.error().fields[1].path == "/subscription_type_uuid");
  CHECK(refused.error().fields[2].message.starts_with("There is no tag contact.shoe_size."));
  CHECK(refused.error().fields[3].path == "/html");
  CHECK(refused.error().fields[4].message.starts_with("There is no tag other."));
}

TEST_CASE("a preview is the mail for one contact, hostile names and all") {
  MailShop shop;
  auto made = shop.engine.run<CreateMailTemplate>(
      {.name = "Offer",
       .subscription_type_uuid = shop.news.uuid,
       .subject = "For {{ contact.email }}",
       .preheader = "{{ contact.credits }} points",
       .html = "<p>Hi {{ contact.firstname | default: \"there\" }}, <a "
               "href=\"https://shop.example/?e={{ contact.email }}\">look</a></p>"});
  REQUIRE(made);
  REQUIRE(shop.engine.run<SetMailSender>(
      {.name = "<script>Shop", .postal_address = "1 Street\n<b>Town</b>"}));
  ContactRow ann = shop.contact("ann+x@example.com");
  auto preview =
      shop.engine.run<PreviewMailTemplate>({.uuid = made->uuid, .contact_uuid = ann.uuid});
  REQUIRE(preview);
  CHECK(preview->subject == "For ann+x@example.com");
  CHECK(preview->from.starts_with("scriptShop <"));
  CHECK(preview->html.contains(
      "Hi there, <a href=\"https://shop.example/?e=ann%2Bx%40example.com\">"));
  CHECK(preview->html.contains("1 Street<br>&lt;b&gt;Town&lt;/b&gt;"));
  CHECK(!preview->html.contains("<script>"));
  CHECK(preview->text.contains("Hi there, look (https://shop.example/?e=ann+x@example.com)"));
  CHECK(preview->text.contains("Unsubscribe: "));
}

TEST_CASE("what stands around a mail is in the language that its contact chose") {
  MailShop shop;
  auto attribute = shop.engine.run<CreateContactAttribute>(
      {.name = "member", .label = "Member", .data_type = AttributeType::boolean});
  REQUIRE(attribute);
  auto purpose = shop.engine.run<CreateSubscriptionType>({.name = "<i>News</i>"});
  REQUIRE(purpose);
  auto made = shop.engine.run<CreateMailTemplate>({.name = "Offer",
                                                   .subscription_type_uuid = purpose->uuid,
                                                   .subject = "Hello",
                                                   .html = "<p>{{ contact.member }}</p>"});
  REQUIRE(made);
  ContactRow ann = shop.contact("ann@example.com");
  auto preview_in = [&](std::string_view locale) {
    REQUIRE(shop.engine.run<UpdateContact>(
        {ann.uuid, Value::object({{"locale", locale}, {"member", true}})}));
    auto preview =
        shop.engine.run<PreviewMailTemplate>({.uuid = made->uuid, .contact_uuid = ann.uuid});
    REQUIRE(preview);
    return *std::move(preview);
  };
  auto dutch = preview_in("nl");
  CHECK(dutch.html.contains("<html lang=\"nl\">"));
  CHECK(
      dutch.html.contains("Je krijgt dit omdat je je hebt aangemeld voor "
                          "&lt;i&gt;News&lt;/i&gt;. <a href="));
  CHECK(dutch.html.contains(">Afmelden</a>"));
  CHECK(dutch.html.contains("<p>ja</p>"));
  CHECK(dutch.text.contains("aangemeld voor <i>News</i>.\nAfmelden: http"));
  CHECK(!dutch.html.contains("Unsubscribe"));
  auto english = preview_in("fr");
  CHECK(english.html.contains("<html lang=\"en\">"));
  CHECK(english.html.contains("You get this because you subscribed to &lt;i&gt;News&lt;/i&gt;."));
  CHECK(english.html.contains("<p>yes</p>"));
}

TEST_CASE("a template is changed in what is given, and is another tenant's to nobody") {
  MailShop shop;
  auto changed = shop.engine.run<UpdateMailTemplate>({.uuid = shop.hello.uuid, .subject = "New"});
  REQUIRE(changed);
  CHECK(changed->subject == "New");
  CHECK(changed->html == "<p>Hello</p>");
  auto other = shop.engine.other_tenant();
  CHECK(shop.engine.run_as<GetMailTemplate>(*other, {shop.hello.uuid}).error().code ==
        ErrorCode::not_found);
  CHECK(shop.engine.run_as<UpdateMailTemplate>(*other, {.uuid = shop.hello.uuid}).error().code ==
        ErrorCode::not_found);
  CHECK(shop.engine.run_as<ListMailTemplates>(*other, {})->templates.empty());
}

TEST_CASE("a test mail goes to the address alone and says that it is one") {
  MailShop shop;
  auto sent = shop.engine.run<SendTestMail>({.uuid = shop.hello.uuid, .to = "me@example.com"});
  REQUIRE(sent);
  CHECK(sent->subject == "[Test] Hello");
}

}  // namespace piggy
