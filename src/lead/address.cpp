#include "lead/address.h"

#include <algorithm>
#include <iterator>

#include "base/lower_case.h"

namespace piggy {
namespace {

// Names that stand for whoever reads the mail (RFC 2142 and what is usual beside it).
constexpr std::string_view roles[] = {"abuse",
                                      "accounting",
                                      "accounts",
                                      "admin",
                                      "administrator",
                                      "billing",
                                      "bookings",
                                      "careers",
                                      "compliance",
                                      "contact",
                                      "contacto",
                                      "customerservice",
                                      "enquiries",
                                      "facturen",
                                      "feedback",
                                      "finance",
                                      "ftp",
                                      "hello",
                                      "help",
                                      "helpdesk",
                                      "hostmaster",
                                      "hr",
                                      "info",
                                      "inkoop",
                                      "inquiries",
                                      "invoice",
                                      "invoices",
                                      "it",
                                      "jobs",
                                      "kontakt",
                                      "legal",
                                      "mail",
                                      "marketing",
                                      "media",
                                      "news",
                                      "newsletter",
                                      "no-reply",
                                      "noc",
                                      "noreply",
                                      "office",
                                      "orders",
                                      "postmaster",
                                      "press",
                                      "privacy",
                                      "recruiting",
                                      "reception",
                                      "root",
                                      "sales",
                                      "secretary",
                                      "security",
                                      "service",
                                      "shop",
                                      "spam",
                                      "staff",
                                      "subscribe",
                                      "support",
                                      "sysadmin",
                                      "tech",
                                      "test",
                                      "unsubscribe",
                                      "verkoop",
                                      "web",
                                      "webmaster",
                                      "winkel",
                                      "www"};

constexpr std::string_view disposable[] = {"10minutemail.com",
                                           "10minutemail.net",
                                           "20minutemail.com",
                                           "33mail.com",
                                           "anonbox.net",
                                           "burnermail.io",
                                           "discard.email",
                                           "dispostable.com",
                                           "emailondeck.com",
                                           "fakeinbox.com",
                                           "getairmail.com",
                                           "getnada.com",
                                           "grr.la",
                                           "guerrillamail.biz",
                                           "guerrillamail.com",
                                           "guerrillamail.de",
                                           "guerrillamail.net",
                                           "guerrillamail.org",
                                           "inboxbear.com",
                                           "inboxkitten.com",
                                           "jetable.org",
                                           "mailcatch.com",
                                           "maildrop.cc",
                                           "mailinator.com",
                                           "mailinator.net",
                                           "mailnesia.com",
                                           "mailnull.com",
                                           "mailsac.com",
                                           "mintemail.com",
                                           "moakt.com",
                                           "mohmal.com",
                                           "mytemp.email",
                                           "mytrashmail.com",
                                           "nada.email",
                                           "sharklasers.com",
                                           "spam4.me",
                                           "spambox.us",
                                           "spamgourmet.com",
                                           "temp-mail.io",
                                           "temp-mail.org",
                                           "tempail.com",
                                           "tempmail.com",
                                           "tempmail.net",
                                           "tempmailo.com",
                                           "tempr.email",
                                           "throwawaymail.com",
                                           "tmpmail.net",
                                           "tmpmail.org",
                                           "trash-mail.com",
                                           "trashmail.com",
                                           "trashmail.de",
                                           "trashmail.net",
                                           "wegwerfmail.de",
                                           "yopmail.com",
                                           "yopmail.fr",
                                           "yopmail.net"};

constexpr std::string_view providers[] = {
    "aol.com",     "bluewin.ch",  "btinternet.com", "chello.nl",   "comcast.net", "fastmail.com",
    "free.fr",     "freenet.de",  "gmail.com",      "gmx.at",      "gmx.ch",      "gmx.com",
    "gmx.de",      "gmx.net",     "googlemail.com", "hetnet.nl",   "home.nl",     "hotmail.co.uk",
    "hotmail.com", "hotmail.fr",  "hotmail.nl",     "icloud.com",  "kpnmail.nl",  "kpnplanet.nl",
    "laposte.net", "libero.it",   "live.com",       "live.nl",     "mac.com",     "mail.com",
    "mail.ru",     "me.com",      "msn.com",        "orange.fr",   "outlook.com", "planet.nl",
    "pm.me",       "proton.me",   "protonmail.com", "qq.com",      "quicknet.nl", "sfr.fr",
    "skynet.be",   "t-online.de", "telenet.be",     "tele2.nl",    "upcmail.nl",  "virgilio.it",
    "wanadoo.fr",  "web.de",      "xs4all.nl",      "yahoo.co.uk", "yahoo.com",   "yahoo.fr",
    "yandex.com",  "yandex.ru",   "zeelandnet.nl",  "ziggo.nl",    "zonnet.nl"};

// Names that nobody can have: of anonymous contacts and of those that were deleted.
constexpr std::string_view nobodys[] = {"invalid", "localhost"};

template <std::size_t Size>
bool among(const std::string_view (&list)[Size], std::string_view domain) {
  return std::ranges::any_of(list, [&](std::string_view of) { return is_of_domain(domain, of); });
}

}  // namespace

std::string domain_of_address(std::string_view address) {
  std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? "" : lower_case(address.substr(at + 1));
}

bool is_of_domain(std::string_view domain, std::string_view of) {
  if (of.empty() || !domain.ends_with(of)) return false;
  return domain.size() == of.size() || domain[domain.size() - of.size() - 1] == '.';
}

bool is_role_address(std::string_view address) {
  // What stands behind a plus is the reader's own: info+eu@ is info@.
  std::string name = lower_case(address.substr(0, address.find_first_of("+@")));
  return std::ranges::find(roles, name) != std::end(roles);
}

bool is_disposable_address(std::string_view address) {
  return among(disposable, domain_of_address(address));
}

bool is_company_address(std::string_view address) {
  std::string domain = domain_of_address(address);
  if (domain.empty() || among(nobodys, domain)) return false;
  return !among(providers, domain) && !among(disposable, domain);
}

}  // namespace piggy
