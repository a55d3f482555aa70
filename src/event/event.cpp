#include "event/event.h"

namespace piggy {
namespace {

constexpr AppendTable event_table = {
    "event",
    "account_id bigint, id bigint, type text, subject bytea, payload text, created_at bigint"};

}  // namespace

Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              const Value& payload) {
  return transaction.append(event_table,
                            {transaction.next_id(), type, subject, payload, transaction.now()});
}

}  // namespace piggy
