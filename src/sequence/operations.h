#pragma once

#include "operation/operation.h"
#include "sequence/enrollment.h"

namespace piggy {

// A sequence as it is shown, in full.
struct Sequence {
  Uuid uuid = {};
  std::string name = {};
  std::string description = {};
  SequenceState state = SequenceState::active;
  Uuid subscription_type_uuid = {};
  std::optional<std::int64_t> min_score = {};
  std::optional<std::int64_t> max_score = {};
  std::int64_t version = 1;
  std::vector<SequenceStep> steps = {};
  std::optional<SendingHours> hours = {};
  std::string time_zone_attribute = {};
  bool stop_on_purchase = true;
  Time created_at = {};
  Time updated_at = {};
  static void describe(Fields<Sequence>& field);
};

struct CreateSequence {
  static constexpr OperationInfo info = {
      .name = "create_sequence",
      .title = "Create Sequence",
      .about =
          "Makes a sequence: mails that are sent to a contact one after the other, each after a "
          "wait, within hours of the contact's own day. Nobody gets anything until they are "
          "enrolled with enroll_in_sequence. Make the mail templates first. It ends by itself for "
          "who unsubscribes, whose mail comes back, who complains, and, unless told otherwise, who "
          "buys. A sequence cannot be deleted, but paused.",
      .verb = Verb::post,
      .path = "/sequences",
      .scope = "sequences:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<std::string> description = {};
    Uuid subscription_type_uuid = {};
    std::vector<SequenceStep> steps = {};
    std::optional<SendingHours> hours = {};
    std::optional<std::string> time_zone_attribute = {};
    std::optional<bool> stop_on_purchase = {};
    std::optional<std::int64_t> min_score = {};
    std::optional<std::int64_t> max_score = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Sequence;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateSequence {
  static constexpr OperationInfo info = {
      .name = "update_sequence",
      .title = "Update Sequence",
      .about =
          "Changes a sequence, also while people are in it. What is not given stays; steps, when "
          "given, take the place of all steps, and are the same as before where they have the same "
          "name. People go on with the steps behind the last one they had; nobody gets a step "
          "twice, and who is at the end already does not come back. Other steps or hours make a "
          "new version.",
      .verb = Verb::put,
      .path = "/sequences/{sequence_uuid}",
      .scope = "sequences:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid sequence_uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<Uuid> subscription_type_uuid = {};
    std::optional<std::vector<SequenceStep>> steps = {};
    std::optional<SendingHours> hours = {};
    std::optional<bool> any_hour = {};
    std::optional<std::string> time_zone_attribute = {};
    std::optional<bool> stop_on_purchase = {};
    std::optional<std::int64_t> min_score = {};
    std::optional<std::int64_t> max_score = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Sequence;
  static Result<Output> run(Call& call, const Input& input);
};

struct BySequence {
  Uuid sequence_uuid = {};
  static void describe(Fields<BySequence>& field) {
    field("sequence_uuid", &BySequence::sequence_uuid, "The sequence.");
  }
};

// How many are in one state, and why.
struct EnrollmentNumber {
  EnrollmentState state = EnrollmentState::waiting;
  std::string stop_reason = {};
  std::int64_t count = 0;
  static void describe(Fields<EnrollmentNumber>& field);
};

struct GetSequence {
  static constexpr OperationInfo info = {
      .name = "get_sequence",
      .title = "Get Sequence",
      .about =
          "Shows a sequence with its steps, waits and hours, and how many people are in it, are "
          "through, or were stopped and why. Changes nothing.",
      .verb = Verb::get,
      .path = "/sequences/{sequence_uuid}",
      .scope = "sequences:read",
      .surface = Surface::platform};
  using Input = BySequence;
  struct Output {
    Sequence sequence = {};
    std::vector<EnrollmentNumber> enrollments = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ListSequences {
  static constexpr OperationInfo info = {
      .name = "list_sequences",
      .title = "List Sequences",
      .about =
          "Lists the sequences of mails that contacts can be enrolled in, by name, with what each "
          "is "
          "for and the lead scores it is meant for. Use it with score_lead to choose one, then "
          "enroll_in_sequence. Changes nothing.",
      .verb = Verb::get,
      .path = "/sequences",
      .scope = "sequences:read",
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    std::optional<SequenceState> state = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Item {
    Uuid uuid = {};
    std::string name = {};
    std::string description = {};
    SequenceState state = SequenceState::active;
    std::string purpose = {};
    std::optional<std::int64_t> min_score = {};
    std::optional<std::int64_t> max_score = {};
    std::int64_t steps = 0;
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> sequences = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct PauseSequence {
  static constexpr OperationInfo info = {.name = "pause_sequence",
                                         .title = "Pause Sequence",
                                         .about =
                                             "Holds a sequence: no further step is begun for "
                                             "anybody until resume_sequence. A mail that "
                                             "was handed to the mailer before still goes out. "
                                             "People can be enrolled all the same, and "
                                             "wait.",
                                         .verb = Verb::post,
                                         .path = "/sequences/{sequence_uuid}/pause",
                                         .scope = "sequences:write",
                                         .effect = Effect::write,
                                         .idempotent = true,
                                         .surface = Surface::platform};
  using Input = BySequence;
  using Output = Sequence;
  static Result<Output> run(Call& call, const Input& input);
};

struct ResumeSequence {
  static constexpr OperationInfo info = {.name = "resume_sequence",
                                         .title = "Resume Sequence",
                                         .about =
                                             "Lets a paused sequence go on. Whose moment came "
                                             "meanwhile gets the next step soon, within "
                                             "the sequence's hours, and no step is left out.",
                                         .verb = Verb::post,
                                         .path = "/sequences/{sequence_uuid}/resume",
                                         .scope = "sequences:write",
                                         .effect = Effect::write,
                                         .idempotent = true,
                                         .surface = Surface::platform};
  using Input = BySequence;
  using Output = Sequence;
  static Result<Output> run(Call& call, const Input& input);
};

// One contact in one sequence, as it is shown.
struct Enrollment {
  Uuid uuid = {};
  Uuid sequence_uuid = {};
  ContactReference contact = {};
  std::int64_t entry = 1;
  EnrollmentState state = EnrollmentState::waiting;
  std::vector<std::string> steps_had = {};
  std::optional<Time> next_at = {};
  std::string reason = {};
  std::string stop_reason = {};
  Time enrolled_at = {};
  std::optional<Time> ended_at = {};
  static void describe(Fields<Enrollment>& field);
};

struct EnrollInSequence {
  static constexpr OperationInfo info = {
      .name = "enroll_in_sequence",
      .title = "Enroll In Sequence",
      .about =
          "Puts a contact into a sequence, so that its mails are sent one after the other by "
          "themselves. Answers when the first one goes out and what is planned; with dry_run it "
          "shows that and does nothing. Refused, with the reason, for who has not agreed to such "
          "mail or whose address gets none. The same contact, sequence and entry act once however "
          "often they are sent: to let somebody go through a sequence again, give the next entry. "
          "Mails that were sent cannot be taken back; leave_sequence ends what is still to come.",
      .verb = Verb::post,
      .path = "/sequences/{sequence_uuid}/enrollments",
      .scope = "sequences:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    Uuid sequence_uuid = {};
    Uuid contact_uuid = {};
    std::optional<std::int64_t> entry = {};
    std::optional<std::string> reason = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Enrollment enrollment = {};
    bool was_enrolled = false;
    Time first_send_at = {};
    std::vector<PlannedSend> planned = {};
    std::int64_t score = 0;
    bool score_fits = true;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
  static Amounts amounts(const Input&, const Output& output) {
    return {.contacts = output.was_enrolled ? 0 : 1};
  }
};

struct LeaveSequence {
  static constexpr OperationInfo info = {
      .name = "leave_sequence",
      .title = "Leave Sequence",
      .about =
          "Takes a contact out of a sequence: nothing more of it is sent to them, and a mail that "
          "still waits to be sent is taken back. Of all their entries unless one is given. Does "
          "nothing for who is not in it. To begin again, enroll with the next entry.",
      .verb = Verb::post,
      .path = "/sequences/{sequence_uuid}/leave",
      .scope = "sequences:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid sequence_uuid = {};
    Uuid contact_uuid = {};
    std::optional<std::int64_t> entry = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t left = 0;
    static void describe(Fields<Output>& field) {
      field("left", &Output::left, "How many entries were ended.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ListEnrollments {
  static constexpr OperationInfo info = {
      .name = "list_enrollments",
      .title = "List Enrollments",
      .about =
          "Lists who is or was in sequences, newest first: of one sequence, of one contact or in "
          "one "
          "state if asked, with the steps they had, when the next one is, and why they were "
          "stopped. Changes nothing.",
      .verb = Verb::get,
      .path = "/enrollments",
      .scope = "sequences:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<Uuid> sequence_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<EnrollmentState> state = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Enrollment> enrollments = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_sequence_operations(Catalogue& catalogue);

}  // namespace piggy
