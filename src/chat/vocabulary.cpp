#include "chat/vocabulary.h"

#include <algorithm>
#include <string>

#include "chat/reader.h"

namespace piggy {

constexpr std::string_view subjects =
    "i we he she they it you there who nobody somebody everybody everyone someone anyone i'm i'll "
    "i've i'd we're we'll we've we'd he'd he'll she'd she'll they're they'd they'll hes shes "
    "theyre im ive weve that this what "
    "when where how why";

constexpr std::string_view telling =
    "is are was were am isn't aren't wasn't weren't has have had hasn't haven't hadn't do does did "
    "doesn't didn't will would can can't could couldn't should may might must shall won't wants "
    "wanted thinks deserves belongs knows likes hates keeps reads says said wrote told asks came "
    "felt forgot found gave gives got brought broke chose fell kept knew left lost made met "
    "paid ran sat saw sent spent spoke stood thought threw took went won wore bought began goes "
    "comes runs rang slept drank "
    "sells sold offers owe owes loves enjoys works lives stands seems looks feels calls sits waits "
    "ate drove flew grew hurt stole understood became cost";

constexpr std::string_view reporting =
    "says said say wrote writes write reads asked asks ask told tells tell replied claims thinks "
    "remind typed posted noted shouted mailed messaged texted emailed suggests suggested insists "
    "demands";

constexpr std::string_view pointing = "do fix arrange handle sort process execute perform settle";

constexpr std::string_view until_then = "day days time moment week weekend month year case event";

constexpr std::string_view fillers =
    "hi hello hey hiya dear morning afternoon evening good ok okay alright yes yeah yep sure right "
    "well so and then also now just next kindly please pls plz oh great thanks thx cheers "
    "but or again first finally lastly alternatively instead quick one there everyone all too "
    "piggy as today favour favor task ta";

namespace {

struct Asking {
  std::string_view tool;
  std::string_view verbs;
};

constexpr Asking all_asking[] = {
    {"create_credit_reception",
     "give add award grant credit reward send put book hand top issue gift deposit assign load "
     "allocate increase compensate bump take remove deduct subtract withdraw debit reduce "
     "revoke register record log enter drop process refund reimburse increment lower raise make "
     "create "
     "ad do"},
    {"create_vouchers_batch",
     "create generate make issue print prepare produce mint set order build add get give send run "
     "gen whip tie link assign attach"},
    {"merge_contacts", "merge combine join fold unify consolidate dedupe deduplicate keep put"},
    {"claim_anonymous_contact",
     "claim assign link attach turn convert register connect upgrade tie give set change make"},
    {"create_contact_attribute",
     "create add make set define register introduce build call name label"},
    {"find_or_create_products",
     "what whats find create add make register look lookup get ensure search check show put set "
     "call name list"},
    {"get_contact_auth_token",
     "what whats get fetch create issue make generate hand give send build request obtain provide"},
    {"send_contact_verification_email",
     "send resend mail e-mail email verify shoot fire trigger dispatch request get give"},
    {"update_bookings",
     "update set change mark cancel move make reschedule put shift switch confirm edit modify "
     "adjust postpone note record complete check push bring extend shorten amend correct"},
    {"update_contact_identifiers",
     "block unblock activate deactivate reactivate enable disable freeze unfreeze rename call name "
     "label relabel give set change update switch turn make edit stop lock unlock"},
    {"list_forms", "list show display view pull see tell"}};

constexpr std::string_view rehearsing = "simulate preview rehearse show";

// No verbs, for a verb makes a statement of a fragment, and nothing that changes an amount or whom
// it is for: "half", "every", "wife".
constexpr std::string_view plain =
    "a an the this these those that which whose my our its his her their your of to at in for on "
    "with by under behind into from as and & via through until till off onto out up down over back "
    "towards using along it him them there here me us himself herself instead only some sure "
    "please pls plz kindly thanks thx cheers asap now today again once immediately "
    "quickly noon moment time also too well just away straight permanently completely anymore "
    "longer more extra another additional new fresh next second real other same correct right "
    "proper good great unique required single "
    "shop store branch location counter register account accounts minus profile profiles record "
    "contact contacts "
    "customer customers client member person people owner holder lady gentleman guy man woman user "
    "shopper guest guests pax persons party card cards identifier id tag number point points "
    "credit "
    "credits pts loyalty reward goodwill gesture bonus purchase sale receipt order payment bill "
    "amount worth value euro euros eur prepaid prepayment deposit "
    "voucher vouchers coupon coupons code codes batch piece pieces pcs run print promo promotion "
    "campaign discount valid usable used expiring expires expire expiry expiration date end start "
    "starts ends starting from product products sku item article catalogue assortment exists "
    "name named called label labelled labeled titled description type kind data format text long "
    "short numeric integer float decimal boolean yes/no phone url website birthday birthdate color "
    "colour date_time datetime select multi-select dropdown options option choices choice values "
    "attribute attributes atribute field property category "
    "booking reservation table seats size status state company firm source external "
    "verification confirmation validation six-digit email mail e-mail message link string address "
    "auth authentication authenticate verify confirm login log sign-in sign one-time access token "
    "portal anonymous unknown known behalf @ dry run test simulation preview rehearsal duplicate "
    "original "
    "january february march april june july august september october november december quantity "
    "each destination target entry mistake error mix-up apology compensation complaint "
    "inconvenience "
    "trouble patience birthday anniversary gift present flyer flyers mailing newsletter event "
    "system database catalog app till desk office website nice little small big generous loyal "
    "regular valued main current existing full final official personal directly manually "
    "immediate urgent urgently possible soonest otherwise anon both multi hand spend active "
    "authorization logged qty ones somebody someone bunch ta lot reason dry-run clean brand-new "
    "right-away "
    "usual normal standard forgotten promised lost stolen broken old lovely kind faithful frequent "
    "wonderful fantastic angry upset unhappy damaged faulty late cold online webshop site platform "
    "crm dashboard treat surprise coffee quiz raffle competition prize survey review feedback "
    "leaflet leaflets fair market opening launch christmas easter summer "
    "winter spring autumn team jacket jeans shoes scanner printer sync running external_identifier "
    "checkout";

constexpr std::string_view things =
    "shop store branch location counter register account accounts profile profiles record contact "
    "contacts customer customers client member person guy man woman user shopper guest guests card "
    "cards identifier tag points credits reward gesture bonus purchase sale receipt order payment "
    "bill voucher vouchers coupon coupons code codes batch promotion campaign product item article "
    "attribute field property booking reservation table email mail link string token entry "
    "apology compensation present gift lady gentleman team webshop";

// What makes something else of a thing: "double points", "a fake account".
constexpr std::string_view distorting =
    "double doubled triple tripled twice half halved quarter fewer free fake dummy imaginary "
    "fictional hypothetical pretend potential possible eventual future planned proposed alleged "
    "supposed so-called unapproved pending tentative provisional conditional wrong invalid former "
    "reminder welcome wife husband mother father son daughter friend sister brother colleague boss "
    "partner neighbour neighbor all any no every whole latter first last previous";

// What is to become of a thing, and whatever else is plain in a request but makes a statement of
// a fragment.
constexpr std::string_view becoming =
    "balance total spent he she they missed promised owed earned collected be been get gets "
    "receive have go going added made created generated issued sent resent given "
    "credited awarded granted deducted booked registered merged combined joined claimed linked "
    "assigned attached folded consolidated blocked unblocked activated deactivated reactivated "
    "enabled disabled renamed changed "
    "moved set put updated canceled cancelled confirmed completed finished done progress "
    "rescheduled marked switched turned inactive should must "
    "become getting adding making being belong belonging belongs needs need needed do is are could "
    "can can't "
    "cannot has so exist";

// With slips of the finger, unless they make another word.
bool is_verb_of(const Word& word, std::string_view verbs) {
  if (word.kind != WordKind::plain) return false;
  if (is_one_of(word, verbs)) return true;
  if (is_one_of(word, plain) || is_one_of(word, becoming)) return false;
  while (!verbs.empty()) {
    std::string_view verb = verbs.substr(0, verbs.find(' '));
    verbs.remove_prefix(std::min(verbs.size(), verb.size() + 1));
    if (is_word(word, verb)) return true;
  }
  return false;
}

// "claiming" as "claim", "merging" as "merge"; false when neither is known.
bool is_gerund_of(const Word& word, const auto& known) {
  if (!word.lower.ends_with("ing")) return false;
  Word stem = word;
  stem.lower.resize(stem.lower.size() - 3);
  if (known(stem)) return true;
  stem.lower += 'e';
  return known(stem);
}

}  // namespace

bool is_one_of(const Word& word, std::string_view list) {
  if (word.kind == WordKind::quoted) return false;
  for (std::size_t at = list.find(word.lower); at != std::string_view::npos;
       at = list.find(word.lower, at + 1)) {
    std::size_t end = at + word.lower.size();
    if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

bool is_imperative(const Word& word) {
  if (is_one_of(word, telling) || is_one_of(word, subjects)) return false;
  return is_verb_of(word, rehearsing) || std::ranges::any_of(all_asking, [&](const Asking& one) {
           return is_verb_of(word, one.verbs);
         });
}

bool is_gerund(const Word& word) { return is_gerund_of(word, is_imperative); }

bool asks_for(const Word& verb, std::string_view tool) {
  auto found = std::ranges::find(all_asking, tool, &Asking::tool);
  if (found == std::end(all_asking)) return false;
  auto known = [&](const Word& word) { return is_verb_of(word, found->verbs); };
  return known(verb) || is_gerund_of(verb, known);
}

bool is_plain(const Word& word) {
  // Not slips of the finger but words of their own.
  return is_verb_of(word, plain) && !is_one_of(word, "contract cooking looking statue god");
}

bool is_thing(const Word& word) { return is_one_of(word, things); }

bool distorts(const Word& word) { return is_one_of(word, distorting); }

bool is_becoming(const Word& word) { return is_one_of(word, becoming); }

}  // namespace piggy
