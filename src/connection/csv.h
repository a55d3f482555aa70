#pragma once

// Audiences as files: for each list a CSV (RFC 4180) and a manifest with its rows and its SHA-256,
// in a folder of the connection's own below the data directory. A reader that finds the manifest's
// digest in the file has all of it; both are replaced as a whole and never changed in place.

#include <mutex>
#include <set>

#include "connection/audience_target.h"

namespace piggy {

class Csv final : public AudienceConnector {
 public:
  // Folders of connections are made in `folder` when they are needed.
  Csv(std::string folder, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  // Names the folder of a new connection; that of an old one stays.
  Result<Whose> check(const Reach& reach) override;

  Result<std::vector<AudienceList>> lists(const Reach& reach) override;
  Result<std::int64_t> count(const Reach& reach, const std::string& list) override;
  Result<Refusals> push(const Reach& reach, const std::string& list,
                        std::span<const AudienceMember> entered,
                        std::span<const AudienceMember> left, std::string_view key) override;
  std::size_t entered_max() const override { return 5'000; }
  std::size_t left_max() const override { return 5'000; }
  std::string wrong_with_list(std::string_view list) const override;

 private:
  struct ByEmail {
    bool operator()(const AudienceMember& a, const AudienceMember& b) const {
      return a.email < b.email;
    }
  };
  using Members = std::set<AudienceMember, ByEmail>;
  Result<std::string> folder_of(const Reach& reach) const;
  Result<Members> members(const std::string& folder, const std::string& list) const;
  Result<> keep(const std::string& folder, const std::string& list, const Members& members) const;

  const std::string folder_;
  const Clock& clock_;
  std::mutex mutex_;  // Who changes a file reads it first.
};

}  // namespace piggy
