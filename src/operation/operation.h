#pragma once

// An operation is declared once, as a struct: `info`, `Input`, `Output` and `run` (see the modules'
// operations.h). Every door and every description is derived from that declaration: the REST route,
// the MCP tool, the command, OpenAPI, the manual.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

enum class Verb { get, post, put, del };

enum class Effect {
  read,         // Changes nothing.
  write,        // Changes something that can be changed back.
  destructive,  // Takes something away for good.
};
BOOST_DESCRIBE_ENUM(Effect, read, write, destructive)

// Where an operation is served over HTTP.
enum class Surface {
  v3,         // /api/v3/oauth/clients/…, and /api/v3/register/… when `on_register`.
  register_,  // /api/v3/register/… alone.
  platform,   // /platform/…: ours alone; strict input, HTTP statuses as the field uses them.
  open,       // The path as it stands, without a token; `account_of` says whose it is.
};

// What the paths of a surface begin with.
std::string_view prefix_of(Surface surface);

// An empty `meta` of the v3 wire (piggy-api-v3, section 5.1).
enum class Meta { object, list, none };

// The forms of `meta` for pages (section 7.2). The Output then has a field `page`.
enum class Paging { none, a, b };

struct Wire {
  int status = 200;
  Meta meta = Meta::object;
  // The field of Output that is `data`, where that is not the whole Output. `null_data` for `null`.
  std::string_view data = {};
  Paging paging = Paging::none;
  // The field of Output that a browser keeps as its session cookie; "" in it ends the session.
  std::string_view session = {};
};
inline constexpr std::string_view null_data = "-";

struct OperationInfo {
  std::string_view name;   // verb_noun, the same everywhere; the tool is piggy_<name>.
  std::string_view title;  // For people: "Create Credit Reception".
  // What it does, when to use it, what it changes, what it cannot undo. For a person *and* for an
  // agent that must choose a tool.
  std::string_view about;
  Verb verb = Verb::get;
  std::string_view path = {};  // With {parameters}, each a field of Input.
  std::string_view scope = {};
  Effect effect = Effect::read;
  bool idempotent = false;  // Twice is as good as once, also without a key.
  Surface surface = Surface::v3;
  bool on_register = false;
  bool tool = false;  // Offered to personas and over MCP.
  // Personas need no grant for it, and it has no limits and no price: it tells them who they are.
  bool ungranted = false;
  // The same operation under another path (the vendor's older or misspelt ones).
  std::string_view path_alias = {};
  bool get_on_register = false;  // The official client sends GET there (section 18.5).
  // The operation that tells how the work goes on after the answer. Its one input is the `uuid` of
  // this one's output, its output has a `status` with the words of BackgroundStatus.
  std::string_view followed_by = {};
  // The operation that takes this one back by a counter-entry. Its first input is the `uuid` of
  // this one's output.
  std::string_view undone_by = {};
  bool slow = false;  // Reads for long: never on a thread of the network.
  Wire wire = {};
};

BOOST_DEFINE_ENUM_CLASS(BackgroundStatus, PENDING, PROCESSING, COMPLETED, FAILED)

BOOST_DEFINE_ENUM_CLASS(Door, rest, mcp, command, job, chat, flow)

// What every program with a token of its own may do with that token.
inline constexpr std::string_view own_token_scope = "access:self";

// Who calls, and what they may. Shared by all calls of one token or session; never changes.
struct Caller {
  std::int64_t account_id = 0;
  std::string account_name = {};
  std::string company = {};
  Uuid account_uuid = {};
  std::string time_zone = "Europe/Amsterdam";
  std::string currency = "EUR";
  std::string secret = {};  // The account's own key material; never leaves the program.
  std::int64_t token_id = 0;
  std::string kind = {};  // client, register, mcp, session, owner.
  std::vector<std::string> scopes = {};
  std::int64_t shop_id = 0;  // Of a register token.
  Uuid shop_uuid = {};
  std::int64_t expires_at = 0;  // Microseconds; 0: never.
  // Who is signed in, or on whose behalf the persona acts. 0: a program with a token.
  std::int64_t person_id = 0;
  std::string person = {};         // An e-mail address.
  std::int64_t persona_id = 0;     // 0: no persona acts. Otherwise its grants say what it may.
  std::string session_proof = {};  // What a page must send with a change (CSRF); "" for tokens.

  bool may(std::string_view scope) const;
};

// What an operation may know of the installation.
struct Settings {
  std::string public_url = "http://127.0.0.1:8080";
  std::string mail_from = "Piggy <no-reply@localhost>";
};

// One change that a dry run tells of, and that the answer of any write can show.
struct EffectLine {
  std::string what = {};  // "credit balance of ann@example.com"
  Value before = {};
  Value after = {};

  static void describe(Fields<EffectLine>& field) {
    field("what", &EffectLine::what, "What changes.");
    field("before", &EffectLine::before, "Its value before the call.");
    field("after", &EffectLine::after, "Its value after the call.");
  }
};

// How much of what is limited a call has given out.
struct Amounts {
  std::int64_t points = 0;
  std::int64_t vouchers = 0;
  std::int64_t contacts = 0;
};

// One running call. Lives for the call; one thread.
struct Call {
  Transaction& transaction;
  const Caller& caller;
  const Settings& settings;
  Door door = Door::rest;
  bool dry_run = false;
  bool strict = false;        // Names that nobody knows are refused: everywhere but on the v3 wire.
  bool note_effects = false;  // Also when it is no dry run.
  std::vector<EffectLine> effects = {};
  const void* prepared = nullptr;  // What `prepare` found out.

  Time now() const { return transaction.now(); }
  // The v3 wire's word for how something came in (section 9.1.1).
  std::string_view channel() const {
    return caller.kind == "register" ? "REGISTER_API" : "OAUTH_API";
  }
  // Notes a change for the one who asked for a dry run; free of cost otherwise.
  void changes(std::string what, Value before, Value after) {
    if (dry_run || note_effects)
      effects.push_back({std::move(what), std::move(before), std::move(after)});
  }
};

// An object of a type known only by its shape.
class Object {
 public:
  Object() = default;
  explicit Object(const Shape& shape) : shape_(&shape), data_(shape.make(), shape.destroy) {}

  const Shape& shape() const { return *shape_; }
  void* data() { return data_.get(); }
  const void* data() const { return data_.get(); }

 private:
  const Shape* shape_ = nullptr;
  std::unique_ptr<void, void (*)(void*)> data_{nullptr, [](void*) {}};
};

// What an operation has before its transaction.
struct Preparation {
  Database& database;
  const Caller& caller;
  bool dry_run = false;  // Then nothing may be changed anywhere else either.
};

// An operation as the doors see it.
struct Operation {
  OperationInfo info = {};
  const Shape* input = nullptr;
  const Shape* output = nullptr;
  std::function<Result<>(Call&, const void* input, void* output)> run = {};
  // What the fields cannot say of themselves, such as "one of these two": adds its problems to
  // those of the fields. Also called when fields were wrong.
  std::function<void(const void* input, std::vector<FieldError>&)> check = {};
  // For Surface::open: whose account the call is about. Runs above all tenants.
  std::function<Result<std::int64_t>(Transaction&, const void* input)> account_of = {};
  // What takes long or waits for others (hashing a password, asking another server): done before
  // the transaction, on no thread of the network and not on the writer's. Its result is
  // `Call::prepared`.
  std::function<Result<std::shared_ptr<const void>>(const Preparation&, const void* input)>
      prepare = {};
  // What of it counts against the limits of a persona's grant.
  std::function<Amounts(const void* input, const void* output)> amounts = {};

  bool writes() const { return info.effect != Effect::read; }
};

class Catalogue {
 public:
  // Adds an operation. What it needs beyond its Call comes first in `run`'s arguments; it is
  // borrowed and must outlive the catalogue.
  template <class O, class... Needs>
  void add(Needs&... needs) {
    Operation operation = declared<O>();
    operation.run = [&needs...](Call& call, const void* input, void* output) -> Result<> {
      auto result = [&] {
        const auto& typed = *static_cast<const typename O::Input*>(input);
        if constexpr (requires { typename O::Prepared; }) {
          const auto& prepared = *static_cast<const typename O::Prepared*>(call.prepared);
          return O::run(needs..., call, typed, prepared);
        } else {
          return O::run(needs..., call, typed);
        }
      }();
      if (!result) return std::unexpected(std::move(result).error());
      *static_cast<typename O::Output*>(output) = *std::move(result);
      return {};
    };
    if constexpr (requires { typename O::Prepared; }) {
      operation.prepare = [&needs...](const Preparation& preparation,
                                      const void* input) -> Result<std::shared_ptr<const void>> {
        auto prepared =
            O::prepare(needs..., preparation, *static_cast<const typename O::Input*>(input));
        if (!prepared) return std::unexpected(std::move(prepared).error());
        return std::make_shared<const typename O::Prepared>(*std::move(prepared));
      };
    }
    if constexpr (requires { &O::account_of; }) {
      operation.account_of = [](Transaction& transaction, const void* input) {
        return O::account_of(transaction, *static_cast<const typename O::Input*>(input));
      };
    }
    put(std::move(operation));
  }

  // Adds an operation that is done elsewhere: it is declared like any other and has no `run`.
  template <class O>
  void add_outside() {
    put(declared<O>());
  }

  const std::vector<std::unique_ptr<Operation>>& all() const { return operations_; }
  const Operation* find(std::string_view name) const;

 private:
  template <class O>
  static Operation declared() {
    Operation operation;
    operation.info = O::info;
    operation.input = &shape_of<typename O::Input>();
    operation.output = &shape_of<typename O::Output>();
    if constexpr (requires { &O::check; }) {
      operation.check = [](const void* input, std::vector<FieldError>& problems) {
        O::check(*static_cast<const typename O::Input*>(input), problems);
      };
    }
    if constexpr (requires { &O::amounts; }) {
      operation.amounts = [](const void* input, const void* output) {
        return O::amounts(*static_cast<const typename O::Input*>(input),
                          *static_cast<const typename O::Output*>(output));
      };
    }
    return operation;
  }
  void put(Operation operation);

  std::vector<std::unique_ptr<Operation>> operations_;
};

}  // namespace piggy
