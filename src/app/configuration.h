#pragma once

// What an operator can set: by flag (`--mail-from`), in the environment (PIGGY_MAIL_FROM) and in a
// TOML file (mail_from = …), the first of these winning. The names come from the fields below. A
// list is tables in the file ([[model]]), and JSON elsewhere.

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/model.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(LogLevel, debug, info, warning, error)

// A server of language models. Of several those that serve a model are asked in their order.
struct ModelServer {
  std::string name = {};
  std::string url = {};
  std::optional<model::WireFormat> format = {};
  std::optional<std::string> api_key = {};
  std::optional<std::vector<std::string>> models = {};  // None: whatever it is asked for.
  std::optional<std::int64_t> timeout_seconds = {};

  static void describe(Fields<ModelServer>& field);
  bool serves(std::string_view model) const;
};

struct RunConfiguration {
  std::string data = "piggy-data";
  std::string listen = "127.0.0.1:8080";
  std::optional<std::string> database = {};
  std::optional<std::string> public_url = {};
  std::string mail_from = "Piggy <no-reply@localhost>";
  std::optional<std::string> smtp_url = {};
  std::int64_t smtp_connections = 4;
  std::optional<std::string> dkim_domain = {};
  std::optional<std::string> dkim_selector = {};
  std::optional<std::string> dkim_key_file = {};
  std::optional<std::string> outbox = {};
  std::optional<std::string> allowed_hosts = {};
  std::optional<std::string> trusted_proxies = {};
  std::int64_t form_rate_per_address = 60;
  std::int64_t form_rate_per_form = 1'200;
  std::int64_t threads = 2;
  std::int64_t connections_max = 4096;
  std::int64_t receive_timeout_seconds = 15;
  std::int64_t idle_timeout_seconds = 75;
  std::int64_t stop_timeout_seconds = 30;
  std::optional<std::string> model_url = {};
  model::WireFormat model_format = model::WireFormat::openai_chat;
  std::optional<std::string> model_api_key = {};
  std::optional<std::string> console_folder = {};
  bool audit_reads = false;
  bool allow_private_connections = false;
  bool demo = false;
  std::optional<std::string> demo_services = {};
  std::optional<std::string> sandbox_clock = {};
  LogLevel log_level = LogLevel::info;
  std::vector<ModelServer> model = {};  // Last: in TOML what follows a table belongs to it.

  static void describe(Fields<RunConfiguration>& field);

  std::string database_url() const;  // The file in the data directory when none is set.
  std::string outbox_folder() const;
  // That of model_url first, then those of `model`.
  std::vector<ModelServer> model_servers() const;
};

struct Setting {
  std::string name;
  std::string value;
};

// Defaults, then the file (when `file` is not empty), then the environment, then `flags`. All
// problems are named at once; unknown names are problems.
Result<RunConfiguration> configure(const std::string& file, const std::vector<Setting>& flags);

// Variables that begin as settings do and are none: likely slips of the hand.
std::vector<std::string> unknown_variables();

// As TOML, without secrets: keys, and the passwords in URLs, are shown as ***.
std::string shown(const RunConfiguration& configuration);

}  // namespace piggy
