#pragma once

// What the contact module offers: the operations and the jobs that follow from them.

#include "contact/contact.h"
#include "operation/operation.h"
#include "schedule/job.h"

namespace piggy {

// `moves` is borrowed and must outlive the catalogue.
void add_contact_operations(Catalogue& catalogue, const ContactMoves& moves);

// Kinds of jobs.
inline constexpr std::string_view merge_contacts_kind = "merge_contacts";
inline constexpr std::string_view delete_contact_kind = "delete_contact";
inline constexpr std::string_view import_contacts_kind = "import_contacts";

// What they do; each can be run again without harm.
Result<> merge_contacts_job(const ContactMoves& moves, Call& call, const JobRow& job);
Result<> delete_contact_job(const ContactErasures& erasures, Call& call, const JobRow& job);
Result<> import_contacts_job(Call& call, const JobRow& job);

// Both lists are borrowed and must outlive the scheduler.
void add_contact_jobs(Scheduler& scheduler, const ContactMoves& moves,
                      const ContactErasures& erasures);

}  // namespace piggy
