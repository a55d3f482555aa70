#include "oauth/client_documents.h"

#include <utility>

namespace piggy::oauth {
namespace {

constexpr std::size_t threads = 4;  // Enough that one who stalls us does not stall all.
constexpr std::size_t waiting_max = 64;
constexpr std::size_t remembered_max = 1000;
constexpr std::int64_t remembered_for = 3600 * microseconds_per_second;

}  // namespace

ClientDocuments::ClientDocuments(Fetch fetch, const Clock& clock)
    : fetch_(std::move(fetch)), clock_(clock) {
  for (std::size_t i = 0; i < threads; i++) {
    threads_.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
  }
}

ClientDocuments::~ClientDocuments() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void ClientDocuments::get(const std::string& client_id, Done done) {
  if (auto client = remembered(client_id)) return done(*std::move(client));
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() < waiting_max) {
      waiting_.push_back({client_id, std::move(done)});
      waits_.notify_one();
      return;
    }
  }
  done(fail({.code = ErrorCode::unavailable,
             .message = "Too many clients' documents are being read.",
             .retry_after_seconds = 5}));
}

void ClientDocuments::work(std::stop_token stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    if (!waits_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
    if (stop.stop_requested()) return;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    next.done(read(next.client_id));
  }
}

std::optional<Client> ClientDocuments::remembered(const std::string& client_id) {
  std::lock_guard lock(mutex_);
  auto found = clients_.find(client_id);
  if (found == clients_.end() || found->second.until <= clock_.now()) return std::nullopt;
  return found->second.client;
}

void ClientDocuments::remember(const Client& client) {
  std::lock_guard lock(mutex_);
  if (clients_.size() >= remembered_max) clients_.clear();
  clients_.insert_or_assign(client.client_id,
                            Remembered{.client = client, .until = clock_.now() + remembered_for});
}

// Others may have asked for the same while this one waited.
Result<Client> ClientDocuments::read(const std::string& client_id) {
  if (auto client = remembered(client_id)) return *std::move(client);
  std::string document = TRY(fetch_(client_id));
  Client client = TRY(read_client_document(client_id, document));
  remember(client);
  return client;
}

}  // namespace piggy::oauth
