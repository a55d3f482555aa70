#pragma once

// The three wire formats: where to post, which body, and how to read the stream.

#include <memory>
#include <string>
#include <vector>

#include "model/model.h"
#include "model/reply_parser.h"

namespace piggy::model {

Value openai_chat_body(const Endpoint& endpoint, const Request& request);
Value openai_responses_body(const Endpoint& endpoint, const Request& request);
Value anthropic_body(const Endpoint& endpoint, const Request& request);

std::unique_ptr<ReplyParser> openai_chat_parser(ParserSetting setting);
std::unique_ptr<ReplyParser> openai_responses_parser(ParserSetting setting);
std::unique_ptr<ReplyParser> anthropic_parser(ParserSetting setting);

// The same by the endpoint's format.
Value body_of(const Endpoint& endpoint, const Request& request);
std::unique_ptr<ReplyParser> parser_of(WireFormat format, ParserSetting setting);
std::string url_of(const Endpoint& endpoint);
// As lines, "name: value". They hold the key.
std::vector<std::string> headers_of(const Endpoint& endpoint);

}  // namespace piggy::model
