#pragma once

#include "campaign/mail_template.h"
#include "operation/operation.h"
#include "operation/page.h"

namespace piggy {

struct MailTemplate {
  Uuid uuid = {};
  std::string name = {};
  std::optional<Uuid> subscription_type_uuid = {};
  std::string subject = {};
  std::string preheader = {};
  std::string html = {};
  std::string text = {};
  Time created_at = {};
  Time updated_at = {};
  static void describe(Fields<MailTemplate>& field);
};

struct CreateMailTemplate {
  static constexpr OperationInfo info = {
      .name = "create_mail_template",
      .title = "Create Mail Template",
      .about =
          "Makes the text of a mail that campaigns, sequences and follow-ups send: a subject and a "
          "body with merge tags such as {{ contact.firstname | default: \"there\" }}. Tags that "
          "nobody knows are named and refused. The layout, the sender's address and the "
          "unsubscribe link are put around it. Sends nothing.",
      .verb = Verb::post,
      .path = "/mail-templates",
      .scope = "mail:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<Uuid> subscription_type_uuid = {};
    std::string subject = {};
    std::optional<std::string> preheader = {};
    std::string html = {};
    std::optional<std::string> text = {};
    static void describe(Fields<Input>& field);
  };
  using Output = MailTemplate;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateMailTemplate {
  static constexpr OperationInfo info = {
      .name = "update_mail_template",
      .title = "Update Mail Template",
      .about =
          "Changes a mail template. What is not given stays. Mails that wait to be sent use the "
          "new text; those that were sent do not change. The texts before are not kept.",
      .verb = Verb::put,
      .path = "/mail-templates/{uuid}",
      .scope = "mail:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> name = {};
    std::optional<Uuid> subscription_type_uuid = {};
    std::optional<std::string> subject = {};
    std::optional<std::string> preheader = {};
    std::optional<std::string> html = {};
    std::optional<std::string> text = {};
    static void describe(Fields<Input>& field);
  };
  using Output = MailTemplate;
  static Result<Output> run(Call& call, const Input& input);
};

struct MailTemplateByUuid {
  Uuid uuid = {};
  static void describe(Fields<MailTemplateByUuid>& field);
};

struct GetMailTemplate {
  static constexpr OperationInfo info = {
      .name = "get_mail_template",
      .title = "Get Mail Template",
      .about = "Shows one mail template with its texts. Changes nothing.",
      .verb = Verb::get,
      .path = "/mail-templates/{uuid}",
      .scope = "mail:read",
      .surface = Surface::platform};
  using Input = MailTemplateByUuid;
  using Output = MailTemplate;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListMailTemplates {
  static constexpr OperationInfo info = {
      .name = "list_mail_templates",
      .title = "List Mail Templates",
      .about =
          "Lists mail templates, newest first. Use it to find the uuid that campaigns and "
          "follow-ups ask for. Changes nothing.",
      .verb = Verb::get,
      .path = "/mail-templates",
      .scope = "mail:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<MailTemplate> templates = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct PreviewMailTemplate {
  static constexpr OperationInfo info = {
      .name = "preview_mail_template",
      .title = "Preview Mail Template",
      .about =
          "Shows the mail that a template makes, for one contact or, without one, with the "
          "defaults "
          "of its tags. Use it before anything is sent. Sends and changes nothing.",
      .verb = Verb::get,
      .path = "/mail-templates/{uuid}/preview",
      .scope = "mail:read",
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    std::optional<Uuid> contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string from = {};
    std::string subject = {};
    std::string html = {};
    std::string text = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct SendTestMail {
  static constexpr OperationInfo info = {
      .name = "send_test_mail",
      .title = "Send Test Mail",
      .about =
          "Sends one mail of a template to an address of yours, to see it in a mail program; "
          "merged "
          "for one contact if asked. It is counted nowhere and its links are not tracked. Use "
          "preview_mail_template to look without sending. A mail cannot be called back.",
      .verb = Verb::post,
      .path = "/mail-templates/{uuid}/test",
      .scope = "mail:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    std::string to = {};
    std::optional<Uuid> contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string to = {};
    std::string subject = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct MailSenderView {
  std::string name = {};
  std::string postal_address = {};
  static void describe(Fields<MailSenderView>& field);
};

struct GetMailSender {
  static constexpr OperationInfo info = {
      .name = "get_mail_sender",
      .title = "Get Mail Sender",
      .about = "Shows the name and postal address below every mail. Changes nothing.",
      .verb = Verb::get,
      .path = "/mail-sender",
      .scope = "mail:read",
      .surface = Surface::platform};
  using Input = Empty;
  using Output = MailSenderView;
  static Result<Output> run(Call& call, const Input& input);
};

struct SetMailSender {
  static constexpr OperationInfo info = {
      .name = "set_mail_sender",
      .title = "Set Mail Sender",
      .about =
          "Sets the name and postal address that stand below every mail, as the law asks of "
          "commercial mail in most countries. The values before are not kept.",
      .verb = Verb::put,
      .path = "/mail-sender",
      .scope = "mail:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::optional<std::string> name = {};
    std::string postal_address = {};
    static void describe(Fields<Input>& field);
  };
  using Output = MailSenderView;
  static Result<Output> run(Call& call, const Input& input);
};

void add_template_operations(Catalogue& catalogue);

}  // namespace piggy
