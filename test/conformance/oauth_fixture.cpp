// The fixture of the public suite for authorization servers: the oauth module and the HTTP server
// of the engine, with one person who is always signed in, open to anyone on the loopback address.
//
//   piggy_oauth_fixture          serves http://127.0.0.1:<free port> and prints the port
//   piggy_oauth_fixture 3001     serves on that port
//
// There is one client, `conformance`, without a secret, that may come back to
// http://127.0.0.1:<any port>/callback.

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "database/database.h"
#include "http/server.h"
#include "oauth/server.h"

namespace {

using namespace piggy;

class OnePerson final : public oauth::People {
 public:
  std::optional<oauth::SignedIn> who(const http::Request&) override {
    return oauth::SignedIn{.user_id = 1, .account_id = 1, .name = "Conformance"};
  }
  std::string sign_in_url(std::string_view) override { return "/"; }
  Result<std::vector<oauth::Choice>> choices(const oauth::SignedIn&) override {
    return std::vector<oauth::Choice>{{.id = 1, .name = "Tester", .lines = {"Nothing at all"}}};
  }
};

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "piggy_oauth_XXXXXX") {
    ASSERT(mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

Result<> add_client(Transaction& transaction) {
  TRY(oauth::register_client(transaction, {.name = "Conformance",
                                           .redirect_uris = {"http://127.0.0.1/callback"},
                                           .client_id = "conformance"}));
  return {};
}

Result<> serve(std::uint16_t port, const sigset_t& signals) {
  Folder folder;
  auto database = TRY(Database::open({.url = folder.file("oauth.db")}));
  TRY(database->write(0, add_client));
  OnePerson people;
  // What the server says holds the port, which is known when it listens, and told to nobody before
  // there is someone to answer.
  std::unique_ptr<oauth::AuthorizationServer> server;
  std::atomic<oauth::AuthorizationServer*> answering = nullptr;
  auto listening = TRY(http::Server::start(
      {.port = port, .threads = 2}, [&](http::Request request, http::Responder responder) {
        oauth::AuthorizationServer* at_work = answering;
        if (!at_work || !oauth::AuthorizationServer::serves(request.path)) {
          return responder.respond({.status = 404});
        }
        at_work->handle(std::move(request), std::move(responder));
      }));
  std::string url = fmt::format("http://127.0.0.1:{}", listening->port());
  server = std::make_unique<oauth::AuthorizationServer>(
      *database, people, oauth::ServerOptions{.public_url = url, .scopes = {"test:read"}});
  answering = server.get();
  fmt::print("{}\n", listening->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  listening->stop(std::chrono::seconds(2));
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto served = serve(static_cast<std::uint16_t>(count > 1 ? std::atoi(arguments[1]) : 0), signals);
  if (served) return 0;
  fmt::print(stderr, "{}\n", served.error().message);
  return 1;
}
