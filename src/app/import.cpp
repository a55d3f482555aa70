#include "app/import.h"

#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <filesystem>

#include "app/progress.h"
#include "order/csv.h"
#include "order/import.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t contacts_per_chunk = 1'000;

std::atomic<bool> interrupted{false};

// The first Ctrl-C ends the import after the chunk under way, a second one at once.
void end_gently_on_interrupt() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = true; };
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
}

template <class O>
Result<typename O::Output> call(Backend& backend, const ImportCommand& command,
                                const typename O::Input& input) {
  Value value = TRY(parse_json(to_json(input)));
  Value answer = TRY(backend.call(O::info.name, value, {.account = command.account}));
  return read<typename O::Output>(answer, Reading::strict);
}

void print_totals(const ImportTotals& totals, bool dry_run) {
  fmt::print("lines read      {:>10}\n", totals.lines_read);
  fmt::print("  booked        {:>10}{}\n", totals.lines_booked, dry_run ? "  (would be)" : "");
  for (const SkippedLines& skipped : totals.skipped.listed()) {
    fmt::print("  left out      {:>10}  {}\n", skipped.lines, skipped.reason);
  }
  fmt::print("orders          {:>10}\n", totals.orders);
  if (dry_run) {
    fmt::print(
        "Nothing was changed. Which cancellations find what they cancel, and the credits, are "
        "known when the orders are booked.\n");
    return;
  }
  fmt::print("  new           {:>10}\n", totals.orders_new);
  fmt::print("  known already {:>10}\n", totals.orders_known);
  fmt::print("contacts made   {:>10}\n", totals.contacts_new);
  fmt::print("products made   {:>10}\n", totals.products_new);
  fmt::print("credits issued  {:>10}\n", totals.credits_issued);
  fmt::print("  held          {:>10}\n", totals.credits_held());
  fmt::print("  reversed      {:>10}\n", totals.credits_reversed);
}

Value contact_of(const std::vector<std::string>& names, const CsvRecord& record) {
  Value contact = Value::object();
  Value attributes = Value::list();
  for (std::size_t i = 0; i < names.size(); i++) {
    if (names[i] == "email") {
      contact.set("email", record.fields[i]);
    } else if (!record.fields[i].empty()) {
      attributes.push(Value::object({{"name", names[i]}, {"value", record.fields[i]}}));
    }
  }
  contact.set("custom_attributes", std::move(attributes));
  return contact;
}

Result<> send_contacts(Backend& backend, const ImportCommand& command, Value& contacts) {
  Value input = Value::object({{"contacts", std::exchange(contacts, Value::list())}});
  TRY(backend.call("import_contacts", input,
                   {.account = command.account, .dry_run = command.dry_run}));
  return {};
}

}  // namespace

Result<int> import_orders_file(Backend& backend, const ImportCommand& command) {
  ImportOptions options{.file = command.file, .dry_run = command.dry_run};
  TRY(backend.call("get_account", Value::object(), {.account = command.account}));
  end_gently_on_interrupt();
  Progress progress("importing orders");
  auto totals = import_orders(
      options,
      [&](const ImportOrders::Input& input) { return call<ImportOrders>(backend, command, input); },
      [&](std::int64_t done, std::int64_t all) {
        progress.show(done, all);
        return !interrupted;
      });
  progress.clear();
  if (!totals) return std::unexpected(totals.error());
  print_totals(*totals, command.dry_run);
  bool ties = totals->lines_read == totals->lines_booked + totals->skipped.total();
  if (!ties) return fail(ErrorCode::internal, "The totals do not tie out.");
  return 0;
}

Result<int> import_contacts_file(Backend& backend, const ImportCommand& command) {
  auto bytes = TRY(open_bytes(command.file));
  CsvReader reader(*bytes);
  CsvRecord record;
  if (!TRY(reader.next(record))) return fail(ErrorCode::invalid, "The file is empty.");
  std::vector<std::string> names = record.fields;
  if (std::find(names.begin(), names.end(), "email") == names.end()) {
    return fail(ErrorCode::invalid, "The first line must name the columns, one of them email.");
  }
  end_gently_on_interrupt();
  Progress progress("importing contacts");
  std::int64_t read = 0;
  Value contacts = Value::list();
  while (!interrupted && TRY(reader.next(record))) {
    contacts.push(contact_of(names, record));
    read++;
    if (contacts.items()->size() < contacts_per_chunk) continue;
    TRY(send_contacts(backend, command, contacts));
    progress.show(read, read);
  }
  if (!contacts.items()->empty()) TRY(send_contacts(backend, command, contacts));
  progress.clear();
  fmt::print("contacts read   {:>10}\n", read);
  return interrupted ? 1 : 0;
}

}  // namespace piggy
