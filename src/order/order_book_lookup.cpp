#include <fmt/format.h>

#include <algorithm>

#include "order/order_book.h"

// What orders name, found or made: orders on record, contacts, products.

namespace piggy {
namespace {

// Many keys in one statement: a database across a network answers them in one round trip. The
// number is fixed so that the statement is prepared once; the last key fills what is left.
constexpr std::size_t keys_per_statement = 64;

constexpr std::string_view select_known = R"sql(
  SELECT number, credits, lines_booked, skipped FROM imported_order
  WHERE account_id = $1 AND source = $2 AND number IN ({}))sql";

constexpr std::string_view select_products = R"sql(
  SELECT external_identifier, id FROM product
  WHERE account_id = $1 AND external_identifier IN ({}))sql";

constexpr std::string_view link_identifier = R"sql(
  UPDATE contact_identifier SET contact_id = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr AppendTable identifier_table = {
    "contact_identifier",
    "account_id bigint, id bigint, value text, name text, active bigint, contact_id bigint, "
    "is_default bigint, created_at bigint"};

constexpr AppendTable product_table = {
    "product",
    "account_id bigint, id bigint, uuid bytea, external_identifier text, name text, "
    "description text, created_at bigint, updated_at bigint"};

struct ProductRow {
  std::string external_identifier = {};
  std::int64_t id = 0;
};

// `select` with its {} filled for one block of keys, the first of which is $first.
std::string with_keys(std::string_view select, std::size_t first) {
  std::string places;
  for (std::size_t i = 0; i < keys_per_statement; i++)
    places += fmt::format("{}${}", i ? "," : "", first + i);
  return fmt::format(fmt::runtime(select), places);
}

template <class Found>
Result<std::vector<Found>> find_all(Transaction& transaction, const std::string& select,
                                    const std::vector<Parameter>& before,
                                    const std::vector<std::string_view>& keys) {
  std::vector<Found> found;
  for (std::size_t done = 0; done < keys.size(); done += keys_per_statement) {
    std::vector<Parameter> parameters = before;
    for (std::size_t i = 0; i < keys_per_statement; i++)
      parameters.emplace_back(keys[std::min(done + i, keys.size() - 1)]);
    for (Found& one : TRY(transaction.all<Found>(select, parameters)))
      found.push_back(std::move(one));
  }
  return found;
}

}  // namespace

Result<> OrderBook::prepare(const std::vector<StoreOrder>& orders) {
  static const std::string select = with_keys(select_known, 3);
  std::vector<std::string_view> numbers;
  for (const StoreOrder& order : orders) numbers.push_back(order.number);
  for (KnownOrder& known :
       TRY(find_all<KnownOrder>(transaction_, select, {Parameter(source_)}, numbers))) {
    std::string number = known.number;
    known_.emplace(std::move(number), std::move(known));
  }
  return prepare_products(orders);
}

Result<> OrderBook::prepare_products(const std::vector<StoreOrder>& orders) {
  static const std::string select = with_keys(select_products, 2);
  for (const StoreOrder& order : orders) {
    if (known_.contains(order.number)) continue;
    for (const OrderLine& line : order.lines) {
      if (!why_skipped(order, line)) products_.emplace(line.stock_code, 0);
    }
  }
  std::vector<std::string_view> codes;
  for (const auto& [code, id] : products_) codes.push_back(code);
  for (const ProductRow& row : TRY(find_all<ProductRow>(transaction_, select, {}, codes)))
    products_[row.external_identifier] = row.id;
  return {};
}

Result<std::int64_t> OrderBook::product_for(const OrderLine& line) {
  std::int64_t& id = products_[line.stock_code];
  if (id != 0) return id;
  id = transaction_.next_id();
  const std::string& name = line.description.empty() ? line.stock_code : line.description;
  TRY(transaction_.append(product_table, {id, transaction_.next_uuid(), line.stock_code, name,
                                          std::nullopt, call_.now(), call_.now()}));
  output_.products_new++;
  return id;
}

// Whoever holds the customer number as an identifier; else whoever has the address.
Result<const ContactRow*> OrderBook::known_contact(const std::string& customer) {
  auto found = contacts_.find(customer);
  if (found != contacts_.end()) return &found->second;
  auto identifier = identifier_of(transaction_, customer);
  std::optional<ContactRow> contact;
  if (identifier && identifier->contact_id) {
    contact = TRY(contact_by_id(transaction_, *identifier->contact_id));
  } else {
    contact = TRY(contact_by_email(transaction_, address_of(customer)));
  }
  if (!contact) return nullptr;
  return &contacts_.emplace(customer, *std::move(contact)).first->second;
}

Result<const ContactRow*> OrderBook::contact_for(const std::string& customer) {
  if (const ContactRow* known = TRY(known_contact(customer))) return known;
  std::string address = address_of(customer);
  ContactRow contact = TRY(make_contact(transaction_, {.email = address, .channel = "IMPORT"}));
  output_.contacts_new++;
  auto identifier = identifier_of(transaction_, customer);
  if (identifier) {
    TRY(transaction_.run(link_identifier, {identifier->id, contact.id}));
  } else if (identifier.error().code == ErrorCode::not_found && address != customer) {
    TRY(transaction_.append(identifier_table, {transaction_.next_id(), customer, customer, true,
                                               contact.id, false, call_.now()}));
  }
  return &contacts_.emplace(customer, std::move(contact)).first->second;
}

}  // namespace piggy
