#pragma once

// Proving that an address is one's own, and signing in (piggy-api-v3, sections 10.5, 15.7, 15.12).

#include "base/language.h"
#include "contact/contact_operations.h"

namespace piggy {

struct SendContactVerificationEmail {
  static constexpr OperationInfo info = {
      .name = "send_contact_verification_email",
      .title = "Send Contact Verification Email",
      .about =
          "Sends a contact an e-mail with a six-digit code and a link, to prove that the "
          "address is theirs or to sign in. The code is good for 15 minutes, once. At most "
          "three in ten minutes go to one address. The e-mail cannot be called back.",
      .verb = Verb::post,
      .path = "/contact-verification/send",
      .scope = "contacts:write",
      .effect = Effect::write,
      .tool = true};
  using Input = ContactByEmail;
  struct Output {
    std::string type = {};
    std::string message = {};
    static void describe(Fields<Output>& field) {
      field("type", &Output::type, "`success`.");
      field("message", &Output::message, "A sentence for the contact.");
    }
  };
  static Amounts amounts(const Input&, const Output&) { return {.contacts = 1}; }
  // The language of the page on which the mail was asked for, if it was one. A contact who chose
  // another gets that.
  using Prepared = std::optional<Language>;
  static Result<Prepared> prepare(const Preparation&, const Input&) { return Prepared(); }
  static Result<Output> run(Call& call, const Input& input, const Prepared& of_the_page = {});
};

struct VerifyLoginCode {
  static constexpr OperationInfo info = {
      .name = "verify_login_code",
      .title = "Verify Login Code",
      .about =
          "Checks the code that send_contact_verification_email sent. A code is good once, for "
          "15 minutes and five tries, and only the newest one counts.",
      .verb = Verb::post,
      .path = "/contact-verification/verify",
      .scope = "contact_tokens:write",
      .effect = Effect::write};
  struct Input {
    std::string code = {};
    std::string email = {};
    static void describe(Fields<Input>& field) {
      field("code", &Input::code, "The six digits.",
            {.min = 1, .max = 32, .format = Format::secret});
      field("email", &Input::email, "The address they were sent to.",
            {.max = 254, .format = Format::email});
    }
  };
  using Output = CreatedContact;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetContactAuthToken {
  static constexpr OperationInfo info = {
      .name = "get_contact_auth_token",
      .title = "Get Contact Auth Token",
      .about =
          "Makes a token that signs a contact in to the portal, once, within ten minutes. Use "
          "it only for a person who has proved to be that contact, and show it to nobody else: "
          "who has it acts as the contact. Changes nothing of the contact.",
      .verb = Verb::get,
      .path = "/contact-verification/auth-token/{contact_uuid}",
      .scope = "contact_tokens:write",
      .effect = Effect::write,  // It hands out a right, so it is audited like a change.
      .tool = true,
      .wire = {.data = "auth_token"}};
  using Input = ContactByUuid;
  struct Output {
    std::string auth_token = {};
    static void describe(Fields<Output>& field) {
      field("auth_token", &Output::auth_token, "The sealed token.", {.format = Format::secret});
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct SignInWithAuthToken {
  static constexpr OperationInfo info = {
      .name = "sign_in_with_auth_token",
      .title = "Sign In With Auth Token",
      .about =
          "Uses up a token of get_contact_auth_token and tells whose it was. A second use is "
          "refused.",
      .verb = Verb::post,
      .path = "/contacts/sign-in",
      .scope = "contact_tokens:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string token = {};
    static void describe(Fields<Input>& field) {
      field("token", &Input::token, "The token.", {.min = 1, .max = 512, .format = Format::secret});
    }
  };
  using Output = ContactReference;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
