#pragma once

// What the tests of forms share.

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/attribute_operations.h"
#include "contact/subscription_operations.h"
#include "form/operations.h"
#include "form/submission_operations.h"

namespace piggy {

// A write whose door knows who visits.
template <class O>
Result<typename O::Output> visit_as(TestEngine& engine, const Caller& caller,
                                    const typename O::Input& input, const Visit& visit,
                                    bool dry_run = false,
                                    std::vector<EffectLine>* effects = nullptr) {
  typename O::Output output;
  Result<> done =
      engine.database().write(caller.account_id, [&](Transaction& transaction) -> Result<> {
        Call call{.transaction = transaction,
                  .caller = caller,
                  .settings = engine.settings,
                  .dry_run = dry_run};
        output = TRY(O::run(call, input, visit));
        if (effects) *effects = call.effects;
        if (dry_run) transaction.discard();
        return {};
      });
  if (!done) return std::unexpected(done.error());
  return output;
}

inline Result<SubmitForm::Output> send_as(TestEngine& engine, const Caller& caller,
                                          const SubmitForm::Input& input) {
  return visit_as<SubmitForm>(engine, caller, input, {});
}

inline Result<SubmitForm::Output> send(TestEngine& engine, const SubmitForm::Input& input,
                                       const Visit& visit = {.address = "192.0.2.7",
                                                             .user_agent = "Browser 1"}) {
  return visit_as<SubmitForm>(engine, engine.caller(), input, visit);
}

inline void pass(TestEngine& engine, std::int64_t microseconds) {
  engine.clock().time = engine.clock().time.load() + microseconds;
}

inline Form make(TestEngine& engine, const std::vector<FormField>& fields,
                 const FormPageTexts& page = {}) {
  auto made = engine.run<CreateForm>(
      {.name = "Form", .fields = fields, .status = FormStatus::PUBLISHED, .page = page});
  REQUIRE(made);
  return *made;
}

inline Form newsletter(TestEngine& engine, FormStatus status = FormStatus::PUBLISHED,
                       FormType type = FormType::PUBLIC) {
  auto made = engine.run<CreateForm>(
      {.name = "Newsletter",
       .fields =
           {{.name = "email", .label = "E-mail", .type = FormFieldType::email, .required = true},
            {.name = "note", .label = "Note"},
            {.name = "age", .label = "Age", .type = FormFieldType::number},
            {.name = "agree", .label = "I agree", .type = FormFieldType::boolean, .required = true},
            {.name = "born", .label = "Born", .type = FormFieldType::date},
            {.name = "phone", .label = "Phone", .type = FormFieldType::phone}},
       .status = status,
       .type = type});
  REQUIRE(made);
  return *made;
}

struct KeptForm {
  std::int64_t contact_id = 0;
  Value answers = {};
};

inline std::vector<KeptForm> submissions(TestEngine& engine) {
  std::vector<KeptForm> kept;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    kept =
        TRY(t.all<KeptForm>("SELECT contact_id, answers FROM form_submission "
                            "WHERE account_id = $1 ORDER BY id"));
    return {};
  }));
  return kept;
}

inline std::optional<ContactRow> contact(TestEngine& engine, std::string_view email) {
  std::optional<ContactRow> found;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    found = TRY(contact_by_email(t, email));
    return {};
  }));
  return found;
}

inline std::string attribute(TestEngine& engine, std::string_view email, std::string_view name) {
  std::string value;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    auto found = TRY(contact_by_email(t, email));
    REQUIRE(found);
    value = TRY(contact_record(t, found->id)).attributes.text_of(name);
    return {};
  }));
  return value;
}

inline std::vector<Value> payloads(TestEngine& engine, std::string_view sql,
                                   std::string_view kind) {
  std::vector<Value> found;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    found = TRY(t.all<Value>(sql, {kind}));
    return {};
  }));
  return found;
}
inline std::vector<Value> events(TestEngine& engine, std::string_view type) {
  return payloads(
      engine, "SELECT payload FROM event WHERE account_id = $1 AND type = $2 ORDER BY id", type);
}
inline std::vector<Value> mails(TestEngine& engine) {
  return payloads(engine, "SELECT payload FROM job WHERE account_id = $1 AND kind = $2 ORDER BY id",
                  "send_email");
}

}  // namespace piggy
