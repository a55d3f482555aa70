#pragma once

// A connector whose operations are declared beside it, each with an `act` that does it:
//
//   static Result<Output> act(Slack& slack, const Reach& reach, const Input& input,
//                             const OutsideRequest& request);

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "connection/connector.h"
#include "shape/read.h"

namespace piggy {

class DeclaredConnector : public Connector {
 public:
  std::vector<const Operation*> tools() const final {
    std::vector<const Operation*> tools;
    for (const auto& operation : catalogue_.all()) tools.push_back(operation.get());
    return tools;
  }

  Result<OutsideAnswer> call(const Reach& reach, const OutsideRequest& request) final {
    if (request.dry_run) {
      return fail(ErrorCode::conflict,
                  std::string(info().title) + " knows no dry runs: it would do it in earnest.");
    }
    const Operation& operation = request.operation;
    Object input(*operation.input);
    TRY(piggy::read(*operation.input, request.input, input.data(), Reading::words));
    OutsideAnswer answer{.output = Object(*operation.output)};
    TRY(acts_.at(std::string(operation.info.name))(reach, input.data(), answer.output.data(),
                                                   request));
    return answer;
  }

 protected:
  template <class O, class C>
  void add(C& connector) {
    catalogue_.add_outside<O>();
    acts_[std::string(O::info.name)] = [&connector](const Reach& reach, const void* input,
                                                    void* output,
                                                    const OutsideRequest& request) -> Result<> {
      auto done = O::act(connector, reach, *static_cast<const typename O::Input*>(input), request);
      if (!done) return std::unexpected(std::move(done.error()));
      *static_cast<typename O::Output*>(output) = *std::move(done);
      return {};
    };
  }

 private:
  using Act =
      std::function<Result<>(const Reach&, const void*, void*, const OutsideRequest& request)>;
  Catalogue catalogue_;
  std::map<std::string, Act> acts_;
};

}  // namespace piggy
