#pragma once

// Clients that are known by the document at their id. Documents are fetched on threads of their
// own, for the network's must not wait, and remembered for an hour.

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "oauth/client.h"
#include "oauth/fetch.h"

namespace piggy::oauth {

class ClientDocuments {
 public:
  using Done = std::move_only_function<void(Result<Client>)>;

  // The clock is borrowed.
  ClientDocuments(Fetch fetch, const Clock& clock);
  ~ClientDocuments();  // Waits for fetches under way; those who still wait are never called.

  // `done` is called once: at once when the document is remembered, else later on another thread.
  // `unavailable` when the document cannot be read or too many wait, `invalid` when it says nothing
  // that we can use.
  void get(const std::string& client_id, Done done);

 private:
  struct Waiting {
    std::string client_id;
    Done done;
  };
  struct Remembered {
    Client client;
    Time until = {};
  };

  void work(std::stop_token stop);
  std::optional<Client> remembered(const std::string& client_id);
  void remember(const Client& client);
  Result<Client> read(const std::string& client_id);

  Fetch fetch_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any waits_;
  std::deque<Waiting> waiting_;
  std::map<std::string, Remembered> clients_;
  std::vector<std::jthread> threads_;
};

}  // namespace piggy::oauth
