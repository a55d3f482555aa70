#pragma once

// Asking for the erasure of a contact, and deciding about it.

#include "contact/contact_operations.h"
#include "erasure/request.h"
#include "operation/operation.h"
#include "operation/page.h"

namespace piggy {

struct ErasureRequest {
  Uuid uuid = {};
  ErasureState state = ErasureState::open;
  std::optional<ContactReference> contact = {};
  ErasureChannel channel = ErasureChannel::page;
  std::string note = {};
  std::string filed_by = {};
  Time asked_at = {};
  std::string due_on = {};
  std::optional<std::int64_t> days_left = {};
  std::optional<Time> decided_at = {};
  std::string decided_by = {};
  std::string reason = {};
  std::optional<Time> done_at = {};

  static void describe(Fields<ErasureRequest>& field);
};

// The same for the eyes of the contact: without what the shop notes for itself.
struct OwnErasureRequest {
  ErasureState state = ErasureState::open;
  Time asked_at = {};
  std::string due_on = {};
  std::optional<Time> decided_at = {};
  std::string reason = {};

  static void describe(Fields<OwnErasureRequest>& field);
};

struct ErasureRequestByUuid {
  Uuid erasure_request_uuid = {};
  static void describe(Fields<ErasureRequestByUuid>& field) {
    field("erasure_request_uuid", &ErasureRequestByUuid::erasure_request_uuid, "The request.");
  }
};

struct PreviewErasure {
  static constexpr OperationInfo info = {.name = "preview_erasure",
                                         .title = "Preview Erasure",
                                         .about =
                                             "Shows what a contact would lose if it were erased "
                                             "now, and the request for it that waits "
                                             "or was decided last, if any. Changes nothing.",
                                         .verb = Verb::get,
                                         .path = "/contacts/{contact_uuid}/erasure",
                                         .scope = "erasures:read",
                                         .surface = Surface::platform};
  using Input = ContactByUuid;
  struct Output {
    std::int64_t balance = 0;
    std::int64_t vouchers = 0;
    std::int64_t rewards = 0;
    std::int64_t transactions = 0;
    std::optional<OwnErasureRequest> request = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct AskForErasure {
  static constexpr OperationInfo info = {
      .name = "ask_for_erasure",
      .title = "Ask for Erasure",
      .about =
          "Files the request of a contact to be erased, as the contact does on the customers' "
          "page, "
          "where it types its own address to be sure. Erases nothing: the shop has a month to do "
          "it. "
          "For one who asked the shop by mail or phone use file_erasure_request.",
      .verb = Verb::post,
      .path = "/contacts/{contact_uuid}/erasure",
      .scope = "erasures:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid contact_uuid = {};
    std::string email = {};
    static void describe(Fields<Input>& field);
  };
  using Output = OwnErasureRequest;
  static Result<Output> run(Call& call, const Input& input);
};

struct WithdrawErasureRequest {
  static constexpr OperationInfo info = {
      .name = "withdraw_erasure_request",
      .title = "Withdraw Erasure Request",
      .about =
          "Takes back the open request of a contact to be erased, because the contact wants to "
          "stay. "
          "Refused once it was accepted: the erasure is under way then.",
      .verb = Verb::post,
      .path = "/contacts/{contact_uuid}/erasure/withdraw",
      .scope = "erasures:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = ContactByUuid;
  using Output = OwnErasureRequest;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListErasureRequests {
  static constexpr OperationInfo info = {
      .name = "list_erasure_requests",
      .title = "List Erasure Requests",
      .about =
          "Lists who asked to be erased. With state open: what still waits, that which is being "
          "erased included, by the day it is due; otherwise the newest first. One that was done "
          "names nobody any longer.",
      .verb = Verb::get,
      .path = "/erasure-requests",
      .scope = "erasures:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<ErasureState> state = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<ErasureRequest> erasure_requests = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct FileErasureRequest {
  static constexpr OperationInfo info = {
      .name = "file_erasure_request",
      .title = "File Erasure Request",
      .about =
          "Writes down that a contact asked the shop to be erased, by mail, by phone or in the "
          "shop. "
          "It is due a month after it was asked. Erases nothing; accept_erasure_request does.",
      .verb = Verb::post,
      .path = "/erasure-requests",
      .scope = "erasures:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid contact_uuid = {};
    ErasureChannel channel = ErasureChannel::mail;
    std::optional<std::string> note = {};
    std::optional<std::string> asked_on = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ErasureRequest;
  static Result<Output> run(Call& call, const Input& input);
};

struct AcceptErasureRequest {
  static constexpr OperationInfo info = {
      .name = "accept_erasure_request",
      .title = "Accept Erasure Request",
      .about =
          "Erases the contact that asked for it, by the job of delete_contact with the type GDPR, "
          "within minutes: credits expire, vouchers and rewards can no longer be used, and nothing "
          "that names the contact stays. Cannot be undone.",
      .verb = Verb::post,
      .path = "/erasure-requests/{erasure_request_uuid}/accept",
      .scope = "erasures:write",
      .effect = Effect::destructive,
      .surface = Surface::platform};
  using Input = ErasureRequestByUuid;
  using Output = ErasureRequest;
  static Result<Output> run(Call& call, const Input& input);
};

struct RefuseErasureRequest {
  static constexpr OperationInfo info = {
      .name = "refuse_erasure_request",
      .title = "Refuse Erasure Request",
      .about =
          "Refuses a request to be erased, with the reason, which the contact reads on the "
          "customers' "
          "page. The law allows that in few cases. The contact may ask again.",
      .verb = Verb::post,
      .path = "/erasure-requests/{erasure_request_uuid}/refuse",
      .scope = "erasures:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid erasure_request_uuid = {};
    std::string reason = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ErasureRequest;
  static Result<Output> run(Call& call, const Input& input);
};

void add_erasure_operations(Catalogue& catalogue);

}  // namespace piggy
