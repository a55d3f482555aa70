#pragma once

// The chat door: what a persona's turn reaches of the program, and the stream on which a page
// follows a conversation.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "access/access.h"
#include "chat/turn.h"
#include "door/dispatch.h"
#include "http/message.h"

namespace piggy {

class Chat final : public ChatTools {
 public:
  // A model by its name; null where none is set up.
  using Models = std::function<std::shared_ptr<model::Model>(const std::string&)>;

  // All are borrowed and outlive it.
  Chat(const Catalogue& catalogue, Dispatch& dispatch, Callers& callers, Models models);

  // The job of a turn (Scheduler::handle_outside).
  Result<> run(const JobRow& job) { return turns_.run(job); }

  Result<std::vector<OfferedTool>> tools(const Speaker& speaker) override;
  ToolResult call(const Speaker& speaker, const ToolCall& call) override;
  std::unique_ptr<Names> names(const Speaker& speaker) override;
  Result<Mind> mind(const Speaker& speaker) override;
  Result<> charge_tokens(Transaction& transaction, const Speaker& speaker,
                         std::int64_t tokens) override;
  void said(const Uuid& conversation, std::string_view text) override;

  // /platform/conversations/UUID/events: each message as an event with its number, from the one
  // after Last-Event-ID on, and then as they come. What a model says so far comes as `delta`, a
  // secret that a tool answered as `secret`, to those who follow at that moment: both are in no
  // message, and come once.
  static bool serves(std::string_view path);
  void follow(const http::Request& request, std::shared_ptr<const Caller> caller,
              http::Responder responder);
  // Ends all streams: the server stops.
  void stop();

 private:
  struct Follower {
    std::int64_t account_id = 0;
    std::int64_t conversation_id = 0;
    Uuid conversation = {};
    std::int64_t seen = 0;
    std::shared_ptr<http::EventStream> stream = {};
    std::atomic<bool> ended = false;  // Set on the stream's thread.
  };
  std::string show_once(const ToolCall& call, const std::vector<Member>& secrets);
  void changed(const Uuid& conversation);
  void send_new(Follower& follower);

  const Catalogue& catalogue_;
  Dispatch& dispatch_;
  Callers& callers_;
  Models models_;
  Turns turns_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Follower>> followers_;
  bool stopped_ = false;
};

}  // namespace piggy
