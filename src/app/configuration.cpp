#include "app/configuration.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <toml.hpp>

#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

std::string environment_name(std::string_view field) {
  std::string name = "PIGGY_";
  for (char c : field) name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return name;
}

Value value_of(const toml::value& value) {
  if (value.is_boolean()) return value.as_boolean();
  if (value.is_integer()) return static_cast<std::int64_t>(value.as_integer());
  if (value.is_floating()) return value.as_floating();
  if (value.is_string()) return value.as_string().str;
  if (value.is_table()) {
    Value table = Value::object();
    for (const auto& [name, member] : value.as_table()) table.set(name, value_of(member));
    return table;
  }
  Value list = Value::list();
  if (value.is_array()) {
    for (const auto& item : value.as_array()) list.push(value_of(item));
  }
  return list;  // Empty for a date, which no setting is: the reader says so.
}

// From the environment or a flag. What is no JSON stays text, and the reader says so.
Value value_of(const Field& field, std::string_view text) {
  if (field.shape->kind != Kind::list) return text;
  if (text.empty()) return Value::list();
  auto list = parse_json(text);
  return list ? *std::move(list) : Value(text);
}

Result<> add_file(Value& settings, const std::string& file) {
  try {
    const toml::value document = toml::parse(file);
    for (const auto& [name, value] : document.as_table()) settings.set(name, value_of(value));
    return {};
  } catch (const toml::exception& problem) {
    return fail(ErrorCode::invalid, fmt::format("The configuration {} is not TOML in line {}.",
                                                file, problem.location().line()));
  } catch (const std::exception&) {
    return fail(ErrorCode::invalid, fmt::format("The configuration {} cannot be read.", file));
  }
}

std::string without_secret(std::string text) {
  std::size_t scheme = text.find("://");
  // Of no form that is known: all of it may be a secret.
  if (scheme == std::string::npos) return "***";
  // A password may hold an `@` that nobody encoded: the last one ends it.
  std::size_t end = text.find('?');
  std::size_t at = text.rfind('@', end);
  std::size_t colon = text.find(':', scheme + 3);
  if (at != std::string::npos && colon < at) text.replace(colon + 1, at - colon - 1, "***");
  // libpq takes it as a parameter too.
  constexpr std::string_view parameter = "password=";
  for (std::size_t start = 0; (start = text.find(parameter, start)) != std::string::npos;) {
    start += parameter.size();
    text.replace(start, text.find('&', start) - start, "***");
  }
  return text;
}

// "null" for what is not set.
std::string shown_value(const Field& field, const void* record) {
  std::string json;
  write_json(json, *field.shape, field.in(record));
  if (json == "null") return json;
  bool may_hold_one = field.options.format == Format::secret || field.options.format == Format::uri;
  return may_hold_one ? to_json(Value(without_secret(*parse_json(json)->text()))) : json;
}

}  // namespace

void ModelServer::describe(Fields<ModelServer>& field) {
  field("name", &ModelServer::name, "What it is called in the log and in conversations.",
        {.min = 1, .max = 64});
  field("url", &ModelServer::url, "Where it is.", {.min = 1, .format = Format::uri});
  field("format", &ModelServer::format, "What it speaks; left out: openai_chat.");
  field("api_key", &ModelServer::api_key, "Its API key, if it wants one.",
        {.format = Format::secret});
  field("models", &ModelServer::models, "The models it serves; left out or empty: any.");
  field("timeout_seconds", &ModelServer::timeout_seconds,
        "After how much silence it has failed; left out: 120.", {.min = 1, .max = 3'600});
}

bool ModelServer::serves(std::string_view wanted) const {
  return !models || models->empty() || std::ranges::find(*models, wanted) != models->end();
}

void RunConfiguration::describe(Fields<RunConfiguration>& field) {
  field("data", &RunConfiguration::data, "The data directory; made when missing.", {.min = 1});
  field("listen", &RunConfiguration::listen, "Address and port to serve on.", {.min = 1});
  field("database", &RunConfiguration::database,
        "A postgresql:// URL; left out: SQLite in the data directory.", {.format = Format::secret});
  field("public_url", &RunConfiguration::public_url,
        "How customers reach this server; links in mails begin with it.");
  field("mail_from", &RunConfiguration::mail_from, "The sender of mails.");
  field("smtp_url", &RunConfiguration::smtp_url,
        "The mail server, smtp://user:password@host:port; left out: mails go to the outbox folder.",
        {.format = Format::secret});
  field("smtp_connections", &RunConfiguration::smtp_connections,
        "Connections to the mail server at a time.", {.min = 1, .max = 64});
  field("dkim_domain", &RunConfiguration::dkim_domain,
        "The domain that signs mails (DKIM), that of their sender; left out: none is signed.");
  field("dkim_selector", &RunConfiguration::dkim_selector,
        "Where below the domain receivers find its public key: SELECTOR._domainkey.DOMAIN.");
  field("dkim_key_file", &RunConfiguration::dkim_key_file,
        "The private key for that, PEM; piggy dkim make makes one.");
  field("outbox", &RunConfiguration::outbox,
        "A folder that keeps a copy of each mail; with no mail server: DATA/outbox.");
  field("allowed_hosts", &RunConfiguration::allowed_hosts,
        "Host names, besides the local ones, that MCP clients in a browser may use; by commas.");
  field("trusted_proxies", &RunConfiguration::trusted_proxies,
        "Addresses or networks (10.0.0.0/8), by commas, whose word on whom they speak for "
        "(X-Forwarded-For) is taken; left out: nobody's.");
  field("form_rate_per_address", &RunConfiguration::form_rate_per_address,
        "How often a minute forms may be sent in from one address; twice that at once.",
        {.min = 1, .max = 1'000'000});
  field("form_rate_per_form", &RunConfiguration::form_rate_per_form,
        "How often a minute one form may be sent in; twice that at once.",
        {.min = 1, .max = 1'000'000});
  field("threads", &RunConfiguration::threads, "Threads of the network.", {.min = 1, .max = 256});
  field("connections_max", &RunConfiguration::connections_max, "Connections at a time.",
        {.min = 1, .max = 1'000'000});
  field("receive_timeout_seconds", &RunConfiguration::receive_timeout_seconds,
        "How long a request may take to arrive.", {.min = 1, .max = 3'600});
  field("idle_timeout_seconds", &RunConfiguration::idle_timeout_seconds,
        "How long a connection may be quiet.", {.min = 1, .max = 86'400});
  field("stop_timeout_seconds", &RunConfiguration::stop_timeout_seconds,
        "How long requests under way may take when the server is stopped.",
        {.min = 1, .max = 3'600});
  field("model_url", &RunConfiguration::model_url,
        "The language-model server for personas that name a model; left out: the interpreter.",
        {.format = Format::uri});
  field(
      "model_format", &RunConfiguration::model_format,
      "What it speaks: openai_chat (llama.cpp, Ollama, vLLM too), openai_responses or anthropic.");
  field("model_api_key", &RunConfiguration::model_api_key, "Its API key, if it wants one.",
        {.format = Format::secret});
  field("console_folder", &RunConfiguration::console_folder,
        "Serves the console from this folder, for those who work on it; left out: the one within.");
  field(
      "audit_reads", &RunConfiguration::audit_reads,
      "Puts on record what programs merely read as well; their reads then wait for the disk. What "
      "people and personas do always is.");
  field("allow_private_connections", &RunConfiguration::allow_private_connections,
        "Lets connections lead to this machine and private networks. People who may connect could "
        "then reach what only this machine can.");
  field("demo", &RunConfiguration::demo,
        "Makes the account demo with a small shop on the first start.");
  field("demo_services", &RunConfiguration::demo_services,
        "Where the demo finds stand-ins for Slack and a sender of mail, as ./dev run starts them; "
        "left out: the demo has no daily roll-up and no segment that is pushed.",
        {.format = Format::uri});
  field("sandbox_clock", &RunConfiguration::sandbox_clock,
        "For trying things out: the moment at which time begins; advance_clock moves it on. Left "
        "out: the real time.");
  field("log_level", &RunConfiguration::log_level,
        "What is worth a line on standard error; debug has one for each answer.");
  field("model", &RunConfiguration::model,
        "Language-model servers besides that of model_url, a table [[model]] each (as JSON in a "
        "flag or a variable): name, url, format, api_key, models (a list; left out: any), "
        "timeout_seconds (of silence). Those that serve a persona's model are asked in this order.",
        {.max = 16});
}

std::string RunConfiguration::database_url() const {
  return database.value_or("sqlite:" + data + "/piggy.db");
}

std::vector<ModelServer> RunConfiguration::model_servers() const {
  std::vector<ModelServer> servers = model;
  if (model_url) {
    servers.insert(
        servers.begin(),
        {.name = "model_url", .url = *model_url, .format = model_format, .api_key = model_api_key});
  }
  return servers;
}

std::string RunConfiguration::outbox_folder() const {
  if (outbox) return *outbox;
  return smtp_url ? std::string() : data + "/outbox";
}

std::vector<std::string> unknown_variables() {
  std::vector<std::string> unknown;
  const auto& fields = shape_of<RunConfiguration>().fields;
  for (char** variable = environ; *variable; variable++) {
    std::string_view name(*variable);
    name = name.substr(0, name.find('='));
    if (!name.starts_with("PIGGY_") || name == "PIGGY_CONFIG") continue;
    bool known = std::ranges::any_of(
        fields, [&](const Field& field) { return environment_name(field.name) == name; });
    if (!known) unknown.emplace_back(name);
  }
  return unknown;
}

Result<RunConfiguration> configure(const std::string& file, const std::vector<Setting>& flags) {
  RunConfiguration defaults;
  Value settings = TRY(parse_json(to_json(defaults)));
  if (!file.empty()) TRY(add_file(settings, file));
  for (const Field& field : shape_of<RunConfiguration>().fields) {
    if (const char* text = std::getenv(environment_name(field.name).c_str())) {
      settings.set(field.name, value_of(field, text));
    }
  }
  for (const Setting& flag : flags) {
    const Field* field = shape_of<RunConfiguration>().field(flag.name);
    settings.set(flag.name, field ? value_of(*field, flag.value) : Value(flag.value));
  }
  // Set to nothing is not set.
  for (const Field& field : shape_of<RunConfiguration>().fields) {
    const Value* value = settings.find(field.name);
    bool empty = value && value->text() && value->text()->empty();
    if (empty && field.shape->kind == Kind::optional) settings.erase(field.name);
  }
  auto configuration = TRY(read<RunConfiguration>(settings, Reading::words));
  std::set<std::string> names;
  for (const ModelServer& server : configuration.model_servers()) {
    if (!names.insert(server.name).second) {
      return fail(ErrorCode::invalid,
                  fmt::format("Two servers of models are called {}.", server.name));
    }
  }
  return configuration;
}

std::string shown(const RunConfiguration& configuration) {
  std::string text;
  for (const Field& field : shape_of<RunConfiguration>().fields) {
    text += fmt::format("# {}\n", field.about);
    const void* value = field.in(&configuration);
    bool tables = field.shape->kind == Kind::list && field.shape->count(value) > 0;
    if (!tables) {
      std::string shown = shown_value(field, &configuration);
      bool missing = shown == "null";  // TOML has no word for it.
      text += fmt::format("{}{} = {}\n", missing ? "# " : "", field.name, missing ? "\"\"" : shown);
      continue;
    }
    for (std::size_t i = 0; i < field.shape->count(value); i++) {
      text += fmt::format("[[{}]]\n", field.name);
      for (const Field& member : field.shape->element->fields) {
        std::string shown = shown_value(member, field.shape->at(value, i));
        if (shown != "null") text += fmt::format("{} = {}\n", member.name, shown);
      }
    }
  }
  return text;
}

}  // namespace piggy
