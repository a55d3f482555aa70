#pragma once

// Revision 2026-07-28: every request says all there is to know about its client, and nothing is
// remembered between requests.

#include <memory>

#include "mcp/arrival.h"
#include "mcp/describe.h"
#include "mcp/listener.h"
#include "mcp/methods.h"

namespace piggy::mcp {

class Modern {
 public:
  Modern(Service& service, const Clock& clock, const Options& options,
         const Description& description, Methods& methods, Listeners& listeners, Waiting& waiting)
      : service_(service),
        clock_(clock),
        options_(options),
        description_(description),
        methods_(methods),
        listeners_(listeners),
        waiting_(waiting) {}

  void handle(Arrival arrival);

 private:
  using Ref = std::shared_ptr<Exchange>;

  void notification(const Arrival& arrival);
  Checked<Terms> check(const Arrival& arrival);
  void dispatch(const Ref& exchange, Message message, const http::Request* http);
  void discover(const Ref& exchange);
  void task_method(const Ref& exchange, Message message);

  Service& service_;
  const Clock& clock_;
  const Options& options_;
  const Description& description_;
  Methods& methods_;
  Listeners& listeners_;
  Waiting& waiting_;
};

}  // namespace piggy::mcp
