// What a page that follows the account is told.

#include "door/changes.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>

#include "door/test_office.h"

namespace piggy {
namespace {

// A stream that notes what it is sent; `cut` is what the other side does.
class NotedStream final : public http::EventStream {
 public:
  struct Event {
    std::string id, type, subject;
  };

  void send(std::string_view data, std::string_view id, std::string_view event) override {
    CHECK(event == "change");
    Value value = *parse_json(std::string(data));
    REQUIRE(value.members()->size() == 2);
    std::lock_guard lock(mutex_);
    events_.push_back({std::string(id), std::string(value.text_of("type")),
                       std::string(value.text_of("subject"))});
    changed_.notify_all();
  }
  void comment(std::string_view) override {}
  void retry_after(std::chrono::milliseconds) override {}
  void close() override {
    std::function<void()> call;
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
      call.swap(on_end_);
      changed_.notify_all();
    }
    if (call) call();
  }
  void on_end(std::function<void()> call) override {
    std::lock_guard lock(mutex_);
    on_end_ = std::move(call);
  }

  // The first one of a type, once it is there.
  Event wait_for(std::string_view type) {
    std::unique_lock lock(mutex_);
    const Event* found = nullptr;
    changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      auto one = std::ranges::find(events_, type, &Event::type);
      found = one == events_.end() ? nullptr : &*one;
      return found != nullptr;
    });
    REQUIRE_MESSAGE(found, type);
    return *found;
  }
  bool wait_for_end() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return closed_; });
  }
  std::vector<Event> events() {
    std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
  bool closed_ = false;
  std::function<void()> on_end_;
};

struct NotedAnswer final : http::Responder::Target {
  void respond(http::Response response) override { status = response.status; }
  std::shared_ptr<http::EventStream> stream(http::Response) override { return events; }

  int status = 0;
  std::shared_ptr<NotedStream> events = std::make_shared<NotedStream>();
};

struct Pages {
  Pages() { changes.start(); }

  std::shared_ptr<NotedAnswer> open(
      std::shared_ptr<const Caller> who, std::string last = {},
      Changes::StillMay still = [] { return true; }) {
    auto answer = std::make_shared<NotedAnswer>();
    http::Request request{.path = "/platform/events"};
    if (!last.empty()) request.headers.push_back({"Last-Event-ID", last});
    changes.follow(request, std::move(who), std::move(still), http::Responder(answer));
    return answer;
  }
  void make_contact(int number) {
    Office::must(office.call(office.owner(), "create_contact",
                             fmt::format(R"({{"email":"c{}@example.com"}})", number)));
  }

  Office office;
  Changes changes{office.engine->database(), office.engine->catalogue()};
};

}  // namespace

TEST_CASE("a page is told that something changed, which thing, and nothing more") {
  Pages pages;
  auto page = pages.open(pages.office.boss);
  auto other = pages.open(pages.office.boss);
  pages.make_contact(1);
  for (const auto& one : {page, other}) {
    auto event = one->events->wait_for("contact_created");
    CHECK(parse_uuid(event.subject));
    CHECK(one->events->wait_for("call").subject == "create_contact");
  }
}

TEST_CASE("a question of a person makes no page ask again, a persona's is told") {
  Pages pages;
  pages.office.grant(R"([{"tool":"piggy_list_perks"}])");
  auto page = pages.open(pages.office.boss);
  Office::must(pages.office.call(pages.office.boss, "list_personas", "{}"));
  Office::must(pages.office.call(pages.office.nina(), "list_perks", "{}"));
  pages.make_contact(1);
  page->events->wait_for("contact_created");
  std::vector<std::string> calls;
  for (const auto& event : page->events->events()) {
    if (event.type == "call") calls.push_back(event.subject);
  }
  CHECK(std::ranges::count(calls, "list_personas") == 0);
  CHECK(std::ranges::count(calls, "list_perks") == 1);
}

TEST_CASE("a question to a person names the approval") {
  Pages pages;
  pages.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  auto page = pages.open(pages.office.boss);
  auto waits = pages.office.call(pages.office.nina(), "create_credit_reception",
                                 R"({"shop_uuid":"$shop","contact_uuid":"$ann","credits":50})");
  REQUIRE(!waits);
  CHECK(page->events->wait_for("approval_asked").subject == waits.error().approval);
}

TEST_CASE("a page that comes back is told what it missed, and much at once as one") {
  Pages pages;
  auto page = pages.open(pages.office.boss);
  pages.make_contact(0);
  std::string last = page->events->wait_for("call").id;
  page->events->close();
  pages.make_contact(1);
  auto back = pages.open(pages.office.boss, last);
  back->events->wait_for("contact_created");
  for (const auto& event : back->events->events()) {
    CHECK(std::stoll(event.id) > std::stoll(last));
  }
  for (int i = 2; i < 150; i++) pages.make_contact(i);
  auto late = pages.open(pages.office.boss, last);
  late->events->wait_for("any");
  CHECK(late->events->events().size() == 1);
}

TEST_CASE("another tenant hears nothing of it, a persona nothing at all") {
  Pages pages;
  Office::must(pages.office.call(pages.office.engine->callers().owner(), "create_account",
                                 R"({"name":"other"})"));
  auto other = pages.open(*pages.office.engine->callers().owner_of("other"));
  auto page = pages.open(pages.office.boss);
  pages.make_contact(1);
  page->events->wait_for("contact_created");
  CHECK(other->events->events().empty());
  CHECK(pages.open(pages.office.nina())->status == 403);
  CHECK(pages.open(pages.office.engine->callers().owner())->status == 403);
}

TEST_CASE("a stream ends with who may follow it, and with the server") {
  Pages pages;
  auto may = std::make_shared<std::atomic<bool>>(true);
  auto page = pages.open(pages.office.boss, "", [may] { return may->load(); });
  auto other = pages.open(pages.office.boss);
  *may = false;
  CHECK(page->events->wait_for_end());
  pages.changes.stop();
  CHECK(other->events->wait_for_end());
  CHECK(pages.open(pages.office.boss)->status == 503);
}

}  // namespace piggy
