#pragma once

// What an e-mail address says of who writes from it. By lists that stand in the code: they are the
// field's and not a shop's, which adds its own words by a rule.

#include <string>
#include <string_view>
#include <vector>

namespace piggy {

// The part behind the last @, in lower case; "" when there is none.
std::string domain_of_address(std::string_view address);

// The domain itself, or one below it: mail.rival.example is of rival.example.
bool is_of_domain(std::string_view domain, std::string_view of);

// info@, sales@: an office, not a person.
bool is_role_address(std::string_view address);
// Of a service for addresses that are thrown away.
bool is_disposable_address(std::string_view address);
// Neither of a provider for everybody, nor thrown away, nor one that cannot exist (RFC 2606).
bool is_company_address(std::string_view address);

}  // namespace piggy
