#pragma once

// Another Piggy, acted on over HTTPS with an API key. The same declarations that serve an operation
// here call it there.
//
// The other side may be a stranger: the vendor's own Piggy knows neither idempotency keys nor dry
// runs and would ignore both. So what matters is asked first: an engine of ours says in each answer
// that it is one (Piggy-Engine). Others are never asked for a dry run, and a write that they may
// have done is not sent to them again.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/random.h"
#include "base/time.h"
#include "http/transfer.h"
#include "operation/operation.h"
#include "remote/base_url.h"
#include "remote/breaker.h"
#include "remote/failure.h"
#include "remote/wire.h"

namespace piggy {

struct RemoteOptions {
  std::string base_url = {};  // As people write it; see read_base_url.
  std::string api_key = {};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds answer_timeout{20'000};   // Of one try.
  std::chrono::milliseconds total_timeout{60'000};    // Of all tries of one call and their pauses.
  std::chrono::milliseconds retry_after_max{15'000};  // Who is asked to wait longer gives up.
  std::size_t answer_bytes_max = 4 << 20;
  bool allow_private_addresses = true;
};

struct WhoseAccount {
  std::string company = {};
  std::string uuid = {};
  std::string engine = {};  // The version of an engine of ours; "" of any other Piggy.
};

class RemotePiggy {
 public:
  static constexpr int tries_max = 3;

  // What a RemotePiggy needs of the program; what is referred to outlives it. `sleep` is called by
  // many threads.
  struct Needs {
    Breakers& breakers;
    const Clock& clock;
    std::unique_ptr<Random> random = {};
    std::function<void(std::chrono::milliseconds)> sleep = {};
  };

  // Refused: an address or a key that cannot be used. Connects to nothing.
  static Result<std::unique_ptr<RemotePiggy>> make(RemoteOptions options, Needs needs);

  // Blocks, for up to the total timeout. Thread-safe. `idempotency_key` may be empty: a write is
  // then given one of its own. `dry_run` among the members of the input means the same as here.
  //
  // Errors are sentences about the other Piggy by its host. `unauthenticated`: it refused the key,
  // the connection must be made again. `unavailable` after a write says when it is unknown whether
  // it was done. No error holds the key, whatever the other side wrote.
  Result<RemoteAnswer> call(const Operation& operation, const Value& input,
                            std::string_view idempotency_key, bool dry_run);

  // Whether the key works, and whose account it opens.
  Result<WhoseAccount> check();

  // What the other side says of the key, and a new one in its place: an engine of ours alone. The
  // old one goes on working there for a day.
  struct Key {
    std::string key = {};  // Of a new one.
    std::optional<Time> expires_at = {};
    std::optional<Time> rotate_at = {};
  };
  Result<Key> about_key();
  Result<Key> rotate_key();
  // Ends the key there, for good.
  Result<> revoke_key();

  const std::string& host() const { return base_.host; }

 private:
  struct Task;

  RemotePiggy(RemoteOptions options, BaseUrl base, Needs needs);

  Time deadline() const;
  Task task_for(std::string_view method, std::string_view target) const;
  Result<http::Response> exchange(Task& task);
  std::expected<http::Response, Failure> try_once(Task& task);
  bool may_repeat(const Task& task, const Failure& failure);
  std::chrono::milliseconds pause_after(int attempt, const Error& error);
  Result<http::Response> ask_whose(Time until, int tries);
  void learn(const http::Response& response);
  Result<RemoteAnswer> read(const Operation& operation, const Value& input,
                            const http::Response& response) const;
  std::string fresh_key();
  Result<Value> ask_of_key(const OperationInfo& info);
  std::string about_other(std::string_view predicate) const;

  enum class Engine { unknown, ours, foreign };

  RemoteOptions options_;
  BaseUrl base_;
  const std::string whom_;  // Begins the sentences about it.
  Needs needs_;
  Breaker& breaker_;
  http::Transfers transfers_;
  std::mutex random_mutex_;
  std::atomic<Engine> engine_ = Engine::unknown;
};

}  // namespace piggy
