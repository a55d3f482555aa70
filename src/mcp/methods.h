#pragma once

// The methods that both eras have: tools, prompts, resources, completion. What differs between them
// is left to the Exchange, but for one thing: a question to the client is a result in one era and a
// request of ours in the other, after which the same call is made again with the answers.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"
#include "mcp/exchange.h"
#include "mcp/message.h"
#include "mcp/seal.h"
#include "mcp/server.h"
#include "mcp/service.h"

namespace piggy::mcp {

class Methods {
 public:
  Methods(Service& service, const Clock& clock, const Options& options)
      : service_(service),
        clock_(clock),
        options_(options),
        seal_(options.state_key, options.state_lifetime, clock) {}

  // False when the method is none of these, or is not offered. `http` has the headers that mirror
  // arguments; nullptr where there are none. It is read before this returns.
  bool answer(const std::shared_ptr<Exchange>& exchange, Message message,
              const http::Request* http);

 private:
  using Ref = std::shared_ptr<Exchange>;
  struct Arrived {
    Message message = {};
    const http::Request* http = nullptr;
    Asked asked = {};
  };
  using Method = void (Methods::*)(const Ref& exchange, Arrived arrived);

  static Method find(std::string_view method, const Options& options);

  void list_tools(const Ref& exchange, Arrived arrived);
  void call_tool(const Ref& exchange, Arrived arrived);
  void list_prompts(const Ref& exchange, Arrived arrived);
  void get_prompt(const Ref& exchange, Arrived arrived);
  void list_resources(const Ref& exchange, Arrived arrived);
  void list_templates(const Ref& exchange, Arrived arrived);
  void read_resource(const Ref& exchange, Arrived arrived);
  void complete(const Ref& exchange, Arrived arrived);

  Checked<Get> read_get(const Ref& exchange, Arrived& arrived, std::string_view name_member);
  // What a modern client brings along from an earlier round.
  Checked<Asked> read_asked(const Ref& exchange, const Message& message, std::string_view name,
                            const Value& arguments);
  Checked<ToolCall> read_call(const Ref& exchange, Arrived& arrived);

  void answer_tool(const Ref& exchange, Result<ToolOutcome> outcome);
  void answer_prompt(const Ref& exchange, Result<PromptOutcome> outcome);
  void answer_resource(const Ref& exchange, const std::string& uri,
                       Result<ResourceOutcome> outcome);

  void ask(const Ref& exchange, InputRequired required);
  void ask_modern(const Ref& exchange, const InputRequired& required);
  void ask_legacy(const Ref& exchange, InputRequired required);
  // A legacy client cannot be asked, or did not answer.
  void give_up(const Ref& exchange, const std::string& why);
  void again(const Ref& exchange, Asked asked);

  void write_caching(Members& result);

  Service& service_;
  const Clock& clock_;
  const Options& options_;
  const Seal seal_;
};

}  // namespace piggy::mcp
