#pragma once

#include "form/form.h"
#include "form/submission.h"
#include "operation/operation.h"

namespace piggy {

struct Form {
  Uuid uuid = {};
  std::string name = {};
  FormStatus status = FormStatus::DRAFT;
  FormType type = FormType::PUBLIC;
  std::string url = {};

  static void describe(Fields<Form>& field);
};

// ACTIVE and INACTIVE are a newer client's words for PUBLISHED and DRAFT.
BOOST_DEFINE_ENUM_CLASS(FormStatusFilter, DRAFT, PUBLISHED, BIN, ACTIVE, INACTIVE)

struct ListForms {
  static constexpr OperationInfo info = {
      .name = "list_forms",
      .title = "List Forms",
      .about =
          "Lists the account's forms with their public addresses, of one status or type if "
          "asked. Use it to find a form's link. What people sent in is not shown here.",
      .verb = Verb::get,
      .path = "/forms",
      .scope = "forms:read",
      .tool = true,
      .wire = {.meta = Meta::list, .data = "forms"}};
  struct Input {
    std::optional<FormStatusFilter> status = {};
    std::optional<FormType> type = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Form> forms = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateForm {
  static constexpr OperationInfo info = {
      .name = "create_form",
      .title = "Create Form",
      .about =
          "Makes a form. Once PUBLISHED, and unless it is PRIVATE, anybody who has its address "
          "can send it in, which finds or makes the contact of the first e-mail field. The "
          "v3 wire has no way to; the vendor's dashboard does it.",
      .verb = Verb::post,
      .path = "/forms",
      .scope = "forms:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::vector<FormField> fields = {};
    std::optional<FormStatus> status = {};
    std::optional<FormType> type = {};
    std::optional<FormPageTexts> page = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Form;
  static Result<Output> run(Call& call, const Input& input);
};

struct FormDetails {
  Uuid uuid = {};
  std::string name = {};
  FormStatus status = FormStatus::DRAFT;
  FormType type = FormType::PUBLIC;
  std::string url = {};
  std::int64_t version = 1;
  std::vector<FormField> fields = {};
  FormPageTexts page = {};

  static void describe(Fields<FormDetails>& field);
};

struct GetForm {
  static constexpr OperationInfo info = {
      .name = "get_form",
      .title = "Get Form",
      .about =
          "Shows a form with its fields and texts, as it is or as it was in an older version. "
          "Submissions name the version they answered. Changes nothing.",
      .verb = Verb::get,
      .path = "/forms/{form_uuid}",
      .scope = "forms:read",
      .surface = Surface::platform};
  struct Input {
    Uuid form_uuid = {};
    std::optional<std::int64_t> version = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FormDetails;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateForm {
  static constexpr OperationInfo info = {
      .name = "update_form",
      .title = "Update Form",
      .about =
          "Changes a form: what is not given stays. Another name, other fields or texts make a "
          "new version; older ones are kept, and so are all submissions. Publishing it opens it "
          "to everybody who has its address.",
      .verb = Verb::put,
      .path = "/forms/{form_uuid}",
      .scope = "forms:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid form_uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::vector<FormField>> fields = {};
    std::optional<FormStatus> status = {};
    std::optional<FormType> type = {};
    std::optional<FormPageTexts> page = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FormDetails;
  static Result<Output> run(Call& call, const Input& input);
};

struct FormByUuid {
  Uuid form_uuid = {};
  static void describe(Fields<FormByUuid>& field) {
    field("form_uuid", &FormByUuid::form_uuid, "The form.");
  }
};

struct DeleteForm {
  static constexpr OperationInfo info = {
      .name = "delete_form",
      .title = "Delete Form",
      .about =
          "Puts a form into the bin: nobody can send it in any longer. Its submissions stay, and "
          "update_form with another status takes it out again.",
      .verb = Verb::del,
      .path = "/forms/{form_uuid}",
      .scope = "forms:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = FormByUuid;
  using Output = FormDetails;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetFormSnippet {
  static constexpr OperationInfo info = {
      .name = "get_form_snippet",
      .title = "Get Form Snippet",
      .about =
          "Gives the HTML with which a published form stands on a page of any other site. It "
          "works without its script, by leading to the form's own page. Made from the form as it "
          "is now: take it anew after the form was changed. Changes nothing.",
      .verb = Verb::get,
      .path = "/forms/{form_uuid}/snippet",
      .scope = "forms:read",
      .surface = Surface::platform};
  struct Input {
    Uuid form_uuid = {};
    std::optional<Language> language = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string html = {};
    std::string script_url = {};
    std::string submit_url = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct SubmitForm {
  static constexpr OperationInfo info = {
      .name = "submit_form",
      .title = "Submit Form",
      .about =
          "Sends in a published form, as its page on the web does. Finds or makes the contact "
          "of its first e-mail field. The same again within ten minutes, or under the same _key, "
          "is answered like the first and does nothing. Cannot be taken back.",
      .verb = Verb::post,
      .path = "/api/v1/forms/{uuid}/public/submit",
      .effect = Effect::write,
      .surface = Surface::open};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> key = {};
    std::optional<std::string> stamp = {};
    std::optional<std::string> trap = {};
    std::optional<std::string> referral_code = {};
    Value answers = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    std::string message = {};
    bool confirmation = false;
    static void describe(Fields<Output>& field);
  };
  // Who sends it; the door that it comes through says so.
  using Prepared = Visit;
  static Result<Visit> prepare(const Preparation&, const Input&) { return Visit(); }
  static Result<std::int64_t> account_of(Transaction& transaction, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Visit& visit);
};

void add_form_operations(Catalogue& catalogue);

}  // namespace piggy
