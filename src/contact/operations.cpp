#include "contact/operations.h"

#include "contact/attribute_operations.h"
#include "contact/change_operations.h"
#include "contact/contact_operations.h"
#include "contact/identifier_operations.h"
#include "contact/search_operations.h"
#include "contact/search_words.h"
#include "contact/subscription_operations.h"
#include "contact/verification_operations.h"

namespace piggy {

// In the order in which a person meets them.
void add_contact_operations(Catalogue& catalogue, const ContactMoves& moves) {
  catalogue.add<ListContacts>();
  catalogue.add<CreateContact>();
  catalogue.add<CreateContactAsync>();
  catalogue.add<CreateAnonymousContact>();
  catalogue.add<FindContact>();
  catalogue.add<SearchContacts>();
  catalogue.add<BrowseContacts>();
  catalogue.add<FindOrCreateContact>();
  catalogue.add<FindOrCreateContactAsync>();
  catalogue.add<ImportContacts>();
  catalogue.add<GetContact>();
  catalogue.add<UpdateContact>();
  catalogue.add<DeleteContact>();
  catalogue.add<ClaimAnonymousContact>(moves);
  catalogue.add<MergeContacts>();
  catalogue.add<GetContactCreditBalance>();
  catalogue.add<GetContactPrepaidBalance>();
  catalogue.add<GetContactTier>();
  catalogue.add<ListContactIdentifiers>();
  catalogue.add<FindContactIdentifier>();
  catalogue.add<CreateContactIdentifier>();
  catalogue.add<UpdateContactIdentifiers>();
  catalogue.add<LinkContactIdentifier>();
  catalogue.add<UnlinkContactIdentifier>();
  catalogue.add<DeleteContactIdentifier>();
  catalogue.add<ListContactAttributes>();
  catalogue.add<CreateContactAttribute>();
  catalogue.add<ListCustomAttributes>();
  catalogue.add<CreateCustomAttribute>();
  catalogue.add<UpdateCustomAttribute>();
  catalogue.add<ListCustomAttributeGroups>();
  catalogue.add<CreateCustomAttributeGroup>();
  catalogue.add<ListContactSubscriptions>();
  catalogue.add<SubscribeContact>();
  catalogue.add<UnsubscribeContact>();
  catalogue.add<ConfirmContactSubscription>();
  catalogue.add<ListSubscriptionTypes>();
  catalogue.add<CreateSubscriptionType>();
  catalogue.add<SendContactVerificationEmail>();
  catalogue.add<VerifyLoginCode>();
  catalogue.add<GetContactAuthToken>();
  catalogue.add<SignInWithAuthToken>();
}

void add_contact_jobs(Scheduler& scheduler, const ContactMoves& moves,
                      const ContactErasures& erasures) {
  scheduler.handle(merge_contacts_kind, [&moves](Call& call, const JobRow& job) {
    return merge_contacts_job(moves, call, job);
  });
  scheduler.handle(delete_contact_kind, [&erasures](Call& call, const JobRow& job) {
    return delete_contact_job(erasures, call, job);
  });
  scheduler.handle(import_contacts_kind, import_contacts_job);
  scheduler.handle(index_contacts_kind, index_contacts_job);
}

}  // namespace piggy
