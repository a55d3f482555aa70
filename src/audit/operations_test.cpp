#include "audit/operations.h"

#include <doctest/doctest.h>

#include "audit/audit.h"
#include "door/test_office.h"

namespace piggy {
namespace {

using Texts = std::vector<std::string>;

// The uuids of all calls that a search finds, in its order, read in pages of this size.
Texts read_in_pages(Office& office, std::string_view search, int limit) {
  Texts all;
  for (;;) {
    std::string before = all.empty() ? "" : fmt::format(R"(,"before":"{}")", all.back());
    Value answer =
        Office::must(office.call(office.owner(), "list_audit_calls",
                                 fmt::format(R"({{{},"limit":{}{}}})", search, limit, before)));
    const auto& calls = *answer.find("calls")->items();
    for (const Value& call : calls) all.emplace_back(call.text_of("uuid"));
    if (calls.size() < static_cast<std::size_t>(limit)) return all;
  }
}

}  // namespace

TEST_CASE("a search that is read in pages finds what it finds at once, newest first") {
  Office office;
  office.nina();
  office.grant(R"([{"tool":"piggy_get_contact_credit_balance"},{"tool":"piggy_list_shops"}])");
  for (int i = 0; i < 7; i++) {
    Office::must(
        office.call(office.nina(), "get_contact_credit_balance", R"({"contact_uuid":"$ann"})"));
    Office::must(office.call(office.nina(), "list_shops", "{}"));
  }
  for (
      std::string_view search :
      {R"("contact_uuid":"$ann")", R"("persona_uuid":"$persona")",
       R"("contact_uuid":"$ann","persona_uuid":"$persona")",
       R"("persona_uuid":"$persona","operation":"list_shops")",
       R"("contact_uuid":"$ann","made_at":{"gte":"2000-01-01T00:00:00Z","lt":"2100-01-01T00:00:00Z"})"}) {
    CAPTURE(search);
    Texts whole = read_in_pages(office, search, 1000);
    CHECK(whole.size() >= 7);
    CHECK(std::ranges::is_sorted(whole, std::greater()));
    for (int limit : {1, 2, 3}) CHECK(read_in_pages(office, search, limit) == whole);
  }
  // The last call seen may be about somebody else.
  Texts of_ann = read_in_pages(office, R"("contact_uuid":"$ann")", 1000);
  Texts of_nina =
      read_in_pages(office, R"("persona_uuid":"$persona","operation":"list_shops")", 1000);
  Value answer = Office::must(
      office.call(office.owner(), "list_audit_calls",
                  fmt::format(R"({{"contact_uuid":"$ann","before":"{}"}})", of_nina[3])));
  Texts after;
  for (const Value& call : *answer.find("calls")->items()) {
    after.emplace_back(call.text_of("uuid"));
  }
  std::erase_if(of_ann, [&](const std::string& uuid) { return uuid >= of_nina[3]; });
  CHECK(!after.empty());
  CHECK(after == of_ann);
}

}  // namespace piggy
