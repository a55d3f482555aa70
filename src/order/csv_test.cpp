#include "order/csv.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "order/share.h"

namespace piggy {
namespace {

using Fields = std::vector<std::string>;

class Text final : public ByteSource {
 public:
  Text(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
  Result<std::string_view> next() override {
    std::string_view piece = text_.substr(0, piece_);
    text_.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

// Records, and the messages of what cannot be read.
std::vector<Fields> records(std::string_view text, std::size_t piece = 1 << 16) {
  Text source(text, piece);
  CsvReader reader(source);
  CsvRecord record;
  std::vector<Fields> records;
  for (;;) {
    auto found = reader.next(record);
    if (found && !*found) return records;
    records.push_back(found ? record.fields : Fields{found.error().message});
  }
}

TEST_CASE("fields may be quoted, and then hold commas, quotes and line ends") {
  std::string_view text = "a,b\r\n\"x,\"\"y\"\"\",\"two\nlines\"\r\n\n,\n";
  std::vector<Fields> expected = {{"a", "b"}, {"x,\"y\"", "two\nlines"}, {"", ""}};

  CHECK(records(text) == expected);
  CHECK(records(text, 1) == expected);
  CHECK(records("\xEF\xBB\xBFname\nAnn") == std::vector<Fields>{{"name"}, {"Ann"}});
  CHECK(records("").empty());
}

TEST_CASE("what is wrong is told with its line") {
  CHECK(records("a,b\n1\n3,4\n") ==
        std::vector<Fields>{
            {"a", "b"}, {"Line 2: it has 1 columns, the first line has 2."}, {"3", "4"}});
  CHECK(records("a\n\"x\ny\"\n\xff\n") ==
        std::vector<Fields>{{"a"}, {"x\ny"}, {"Line 4: the text is not UTF-8."}});
  CHECK(records("a\n\"x\n\n") == std::vector<Fields>{{"a"}, {"Line 2: a quote is never closed."}});
  CHECK(records("a\nx\"y\"\nz\n").back() ==
        Fields{"Line 2: a quote stands within a field that does not begin with one."});
}

TEST_CASE("a file that is not there or is no xz is refused") {
  CHECK(open_bytes("/nowhere/orders.csv").error().code == ErrorCode::not_found);

  auto source = open_bytes("/proc/self/status");
  REQUIRE(source);
  CHECK((*source)->next()->starts_with("Name:"));
}

TEST_CASE("shares add up to the whole, by the largest remainder") {
  CHECK(shares_of(10, {1, 1, 1}) == std::vector<std::int64_t>{4, 3, 3});
  CHECK(shares_of(2, {1, 5, 1}) == std::vector<std::int64_t>{0, 2, 0});
  CHECK(shares_of(1, {1, 2, 2}) == std::vector<std::int64_t>{0, 1, 0});
  CHECK(shares_of(0, {0, 0}) == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("cancelling step by step takes exactly what was earned") {
  std::int64_t taken = 0;
  for (int cancelled = 1; cancelled <= 7; cancelled++) {
    std::int64_t due = cancelled_credits(10, 7, cancelled);
    CHECK(due >= taken);
    taken = due;
  }
  CHECK(taken == 10);
}

}  // namespace
}  // namespace piggy
