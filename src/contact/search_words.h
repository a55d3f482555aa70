#pragma once

// What contacts are looked for by. Each change of a contact's name or address keeps its words in
// the same transaction, so that whoever was just made is found.

#include <cstdint>
#include <string>
#include <vector>

#include "contact/contact.h"
#include "schedule/job.h"

namespace piggy {

// The words a contact is found by: those of its first and last name, its address, and the words
// before the address's @. Folded (base/fold.h), each once, sorted. Of an anonymous contact, whose
// address is made up, those of its names.
std::vector<std::string> search_words(const ContactRow& contact, const Value& attributes);

// Of a contact that nobody has seen yet.
Result<> add_search_words(Transaction& transaction, const ContactRow& contact);
// Of one whose name or address may have changed.
Result<> renew_search_words(Transaction& transaction, const ContactRow& contact,
                            const Value& attributes);
Result<> remove_search_words(Transaction& transaction, std::int64_t contact_id);

// What somebody types is asked for word by word: an address as far as it is typed, else words.
std::vector<std::string> asked_words(std::string_view text);

// Contacts with a word that begins like each of those asked for, in the order of the words that
// begin like the longest of them, then the oldest first. A contact may come more than once. Of
// those only the first ten thousand are looked through: who types on gets less and better ones.
Result<std::vector<std::int64_t>> contacts_that_begin(Transaction& transaction,
                                                      std::vector<std::string> words,
                                                      std::int64_t most);
// Contacts that have exactly this word, the oldest first.
Result<std::vector<std::int64_t>> contacts_with_word(Transaction& transaction,
                                                     std::string_view word, std::int64_t most);

// The job that goes through an account's contacts, in lots: after a migration, since contacts that
// older programs made have no words.
inline constexpr std::string_view index_contacts_kind = "index_contacts";
Result<> index_contacts_job(Call& call, const JobRow& job);

}  // namespace piggy
