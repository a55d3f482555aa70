#pragma once

// From a stream's bytes to a Reply. What the three formats share is here: framing, JSON, putting
// parts together, telling the listener, ids, and what becomes of a stream that breaks. Each format
// adds what its events mean.

#include <map>
#include <set>

#include "model/event_reader.h"
#include "model/model.h"

namespace piggy::model {

// What a parser must know of the conversation.
struct ParserSetting {
  Listener listener = {};
  std::set<std::string> used_ids = {};  // Of the calls before, so that no id comes twice.
  std::string origin = {};              // For Reasoning.
  std::size_t bytes_max = 8 << 20;
};

class ReplyParser {
 public:
  explicit ReplyParser(ParserSetting setting) : setting_(std::move(setting)) {}
  virtual ~ReplyParser() = default;

  // Bytes as they come, cut anywhere. An error (the stream tells of one, is no JSON, is too long)
  // is the end: then only `finish` may follow.
  Result<> feed(std::string_view bytes);
  // The reply is whole; what else the server may send is of no interest.
  bool finished() const { return finished_; }
  // The Reply. `problem` is why no more bytes come, or nothing when the stream just ended. Called
  // once.
  Result<Reply> finish(std::optional<Error> problem = {});

 protected:
  virtual Result<> on_event(const Event& event, const Value& data) = 0;
  // Before the reply is made; for what is only known at the end.
  virtual void on_end() {}

  // For what was received. A call is known by a key of the format's choice.
  void add_text(std::string_view piece);
  void add_reasoning(Value data) { add_part(Reasoning{setting_.origin, std::move(data)}); }
  void put_reasoning_first(Value data);
  bool has_call(std::string_view key) const { return calls_.contains(key); }
  void begin_call(std::string_view key, std::string_view id, std::string_view name);
  void name_call(std::string_view key, std::string_view name);  // If it has no name yet.
  void add_arguments(std::string_view key, std::string_view piece);
  void set_arguments(std::string_view key, std::string_view text);
  void end_call(std::string_view key);
  // Why the model stopped, which makes the reply whole unless more events follow.
  void set_stop(Stop stop) { stop_ = stop; }
  void set_finished() { finished_ = true; }
  void set_model(std::string_view name);
  bool is_empty() const { return reply_.message.parts.empty(); }

  Usage& usage() { return reply_.usage; }

 private:
  struct OpenCall {
    std::size_t part = 0;  // Its place in the message.
    std::string text = {};
    bool ended = false;
  };

  Result<> take_events();
  void add_part(Part part) { reply_.message.parts.push_back(std::move(part)); }
  std::string unused_id(std::string_view wanted);
  void settle_calls(Stop stop);

  ParserSetting setting_;
  EventReader reader_;
  Reply reply_;
  std::map<std::string, OpenCall, std::less<>> calls_;
  std::string last_call_;
  std::optional<Stop> stop_;
  std::size_t bytes_ = 0;
  int minted_ = 0;
  bool shown_ = false;
  bool finished_ = false;
};

// The error that a provider's own words make: its kind ("overloaded_error", "rate_limit_exceeded",
// …) decides whether trying again may help.
Error provider_error(std::string_view kind, std::string_view message);

// Where a number may be missing or of another kind: 0.
std::int64_t integer_of(const Value& value, std::string_view name);
// The member of that name if there is one, else null.
const Value& member_of(const Value& value, std::string_view name);

}  // namespace piggy::model
