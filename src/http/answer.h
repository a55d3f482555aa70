#pragma once

// From Responses to bytes.

#include <string>
#include <string_view>

#include "http/message.h"

namespace piggy::http {

// What of the request decides about the form of its answer.
struct AnswerForm {
  bool head = false;       // The request was HEAD: the same head, no body.
  bool http_1_1 = true;    // Else HTTP/1.0, which knows no chunks and closes by default.
  bool keep_alive = true;  // False: the connection closes behind this answer, and says so.
};

void append_answer(std::string& out, const Response& response, AnswerForm form);

// The head of an answer whose body comes in pieces: chunks, or in HTTP/1.0 everything until the end
// of the connection.
void append_stream_head(std::string& out, const Response& head, AnswerForm form);
void append_piece(std::string& out, std::string_view piece, AnswerForm form);
void append_last_piece(std::string& out, AnswerForm form);

}  // namespace piggy::http
