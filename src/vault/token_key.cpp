#include "vault/token_key.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <p11-kit-1/p11-kit/pkcs11.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "base/assert.h"
#include "vault/blob.h"
#include "vault/secret_source.h"

namespace piggy {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t tokens_max = 64;

std::unexpected<Error> no_answer(std::string_view what, CK_RV code) {
  return fail(ErrorCode::unavailable,
              fmt::format("The token of the master key: {} (PKCS#11 error 0x{:x}).", what, code));
}

// A module of PKCS#11 is one for the whole program, so those loaded are counted: the first user
// initializes it and the last one ends it.
class Module {
 public:
  static Result<std::unique_ptr<Module>> load(const std::string& path) {
    std::lock_guard lock(mutex());
    Loaded& loaded = all()[path];
    if (loaded.users == 0) {
      if (Result<> done = begin(loaded, path); !done) {
        all().erase(path);
        return std::unexpected(std::move(done).error());
      }
    }
    loaded.users++;
    return std::unique_ptr<Module>(new Module(path, loaded.functions));
  }
  ~Module() {
    std::lock_guard lock(mutex());
    Loaded& loaded = all()[path_];
    if (--loaded.users > 0) return;
    loaded.functions->C_Finalize(nullptr);
    dlclose(loaded.handle);
    all().erase(path_);
  }
  Module(const Module&) = delete;
  const CK_FUNCTION_LIST* operator->() const { return functions_; }

 private:
  struct Loaded {
    void* handle = nullptr;
    CK_FUNCTION_LIST* functions = nullptr;
    int users = 0;
  };
  static std::map<std::string, Loaded>& all() {
    static std::map<std::string, Loaded> loaded;
    return loaded;
  }
  static std::mutex& mutex() {
    static std::mutex mutex;
    return mutex;
  }

  static Result<> begin(Loaded& loaded, const std::string& path) {
    loaded.handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!loaded.handle) {
      return fail(ErrorCode::unavailable,
                  fmt::format("The PKCS#11 module {} cannot be loaded.", path));
    }
    auto list = reinterpret_cast<CK_C_GetFunctionList>(dlsym(loaded.handle, "C_GetFunctionList"));
    CK_C_INITIALIZE_ARGS threads = {};
    threads.flags = CKF_OS_LOCKING_OK;
    CK_RV code = list ? list(&loaded.functions) : CKR_FUNCTION_NOT_SUPPORTED;
    if (code == CKR_OK) code = loaded.functions->C_Initialize(&threads);
    if (code == CKR_OK) return {};
    dlclose(loaded.handle);
    return no_answer(fmt::format("the module {} does not start", path), code);
  }

  Module(std::string path, const CK_FUNCTION_LIST* functions)
      : path_(std::move(path)), functions_(functions) {}

  std::string path_;
  const CK_FUNCTION_LIST* functions_;
};

Result<SecretBytes> read_pin(const std::string& source) {
  constexpr std::string_view file = "file:";
  constexpr std::string_view variable = "env:";
  if (source.starts_with(file)) return read_secret_file(source.substr(file.size()));
  ASSERT(source.starts_with(variable));
  auto pin = read_secret_variable(source.substr(variable.size()));
  if (pin) return *std::move(pin);
  return fail(ErrorCode::unavailable,
              fmt::format("The variable {} with the PIN of the master key's token is not set.",
                          source.substr(variable.size())));
}

// A session with the token and the key in it. One thread at a time.
class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const Module& module, const TokenAddress& address) {
    std::unique_ptr<Session> session(new Session(module));
    CK_SLOT_ID slot = TRY(session->slot_of(address.token));
    CK_RV code = module->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session->id_);
    if (code != CKR_OK) return no_answer("no session can be opened", code);
    session->is_open_ = true;
    SecretBytes text = TRY(read_pin(address.pin_source));
    SecretBytes pin = SecretBytes::copy_of(trimmed_secret(text));
    code = module->C_Login(session->id_, CKU_USER, pin.data(), pin.size());
    if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) {
      return no_answer("it refuses the PIN", code);
    }
    TRY(session->find_key(address.object));
    return session;
  }
  ~Session() {
    if (is_open_) module_->C_CloseSession(id_);
  }
  Session(const Session&) = delete;

  CK_RV encrypt(CK_GCM_PARAMS& parameters, std::string_view plain, std::string& out) {
    CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
    CK_RV code = module_->C_EncryptInit(id_, &mechanism, key_);
    if (code != CKR_OK) return code;
    out.resize(plain.size() + tag_bytes);
    CK_ULONG length = out.size();
    code = module_->C_Encrypt(id_, mutable_bytes(plain), plain.size(),
                              reinterpret_cast<CK_BYTE*>(out.data()), &length);
    if (code == CKR_OK && length != out.size()) return CKR_GENERAL_ERROR;
    return code;
  }

  // Tokens want room for the tag as well.
  CK_RV decrypt(CK_GCM_PARAMS& parameters, std::string_view sealed, SecretBytes& out) {
    CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
    CK_RV code = module_->C_DecryptInit(id_, &mechanism, key_);
    if (code != CKR_OK) return code;
    SecretBytes room(sealed.size());
    CK_ULONG length = room.size();
    code = module_->C_Decrypt(id_, mutable_bytes(sealed), sealed.size(), room.data(), &length);
    if (code != CKR_OK) return code;
    if (length + tag_bytes != sealed.size()) return CKR_ENCRYPTED_DATA_INVALID;
    out = SecretBytes::copy_of(room.view().substr(0, length));
    return CKR_OK;
  }

  // PKCS#11 knows no const; it does not write there.
  static CK_BYTE* mutable_bytes(std::string_view bytes) {
    return const_cast<CK_BYTE*>(reinterpret_cast<const CK_BYTE*>(bytes.data()));
  }

 private:
  explicit Session(const Module& module) : module_(module) {}

  Result<CK_SLOT_ID> slot_of(std::string_view label) {
    CK_SLOT_ID slots[tokens_max];
    CK_ULONG count = tokens_max;
    CK_RV code = module_->C_GetSlotList(CK_TRUE, slots, &count);
    if (code != CKR_OK) return no_answer("the tokens cannot be listed", code);
    for (CK_ULONG i = 0; i < count; i++) {
      CK_TOKEN_INFO info = {};
      if (module_->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
      std::string_view found(reinterpret_cast<const char*>(info.label), sizeof info.label);
      found = found.substr(0, found.find_last_not_of(' ') + 1);
      if (found == label) return slots[i];
    }
    return fail(ErrorCode::unavailable,
                fmt::format("There is no PKCS#11 token with the label {}.", label));
  }

  Result<> find_key(std::string_view label) {
    CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY;
    CK_KEY_TYPE aes = CKK_AES;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &secret_key, sizeof secret_key},
                             {CKA_KEY_TYPE, &aes, sizeof aes},
                             {CKA_LABEL, mutable_bytes(label), label.size()}};
    CK_OBJECT_HANDLE found[2] = {};
    CK_ULONG count = 0;
    CK_RV code = module_->C_FindObjectsInit(id_, wanted, std::size(wanted));
    if (code == CKR_OK) {
      code = module_->C_FindObjects(id_, found, std::size(found), &count);
      module_->C_FindObjectsFinal(id_);
    }
    if (code != CKR_OK) return no_answer("its keys cannot be listed", code);
    if (count != 1) {
      return fail(ErrorCode::unavailable,
                  fmt::format("The PKCS#11 token holds {} AES key with the label {}.",
                              count ? "more than one" : "no", label));
    }
    CK_ULONG length = 0;
    CK_ATTRIBUTE size = {CKA_VALUE_LEN, &length, sizeof length};
    code = module_->C_GetAttributeValue(id_, found[0], &size, 1);
    if (code != CKR_OK || length != seal_key_bytes) {
      return fail(ErrorCode::unavailable,
                  fmt::format("The AES key {} of the PKCS#11 token must have 256 bits.", label));
    }
    key_ = found[0];
    return {};
  }

  const Module& module_;
  CK_SESSION_HANDLE id_ = 0;
  CK_OBJECT_HANDLE key_ = 0;
  bool is_open_ = false;
};

class TokenKey final : public MasterKey {
 public:
  static Result<std::unique_ptr<MasterKey>> open(const TokenAddress& address) {
    std::unique_ptr<TokenKey> key(new TokenKey(address));
    key->module_ = TRY(Module::load(address.module_path));
    TRY(key->in_session("it has no fingerprint", [&](Session& session) {
      return fingerprint_in(session, key->fingerprint_);
    }));
    return std::unique_ptr<MasterKey>(std::move(key));
  }

  std::string id() const override { return fingerprint_text(fingerprint_); }
  MasterKeyKind kind() const override { return MasterKeyKind::token; }

  Result<std::string> wrap(const SecretBytes& plain, std::string_view associated) const override {
    std::string wrapped = blob_header(BlobVersion::aes_gcm_in_token, fingerprint_);
    std::string bound = wrapped + std::string(associated);
    std::string nonce(nonce_bytes, '\0');
    while (nonce == fingerprint_nonce()) randombytes_buf(nonce.data(), nonce.size());
    wrapped += nonce;
    wrapped += TRY(encrypt(nonce, plain.view(), bound));
    return wrapped;
  }

  Result<SecretBytes> unwrap(std::string_view wrapped, std::string_view associated) const override {
    std::string bound = blob_header(BlobVersion::aes_gcm_in_token, fingerprint_);
    if (!wrapped.starts_with(bound)) return cannot_open();
    wrapped.remove_prefix(bound.size());
    if (wrapped.size() < nonce_bytes + tag_bytes) return cannot_open();
    bound += associated;
    CK_GCM_PARAMS parameters = gcm(wrapped.substr(0, nonce_bytes), bound);
    SecretBytes plain;
    Result<> done = in_session("it does not unwrap", [&](Session& session) {
      return session.decrypt(parameters, wrapped.substr(nonce_bytes), plain);
    });
    if (done) return plain;
    // Modules have many numbers for a wrong tag. If the same key answers in a new session, it was
    // that.
    TRY(in_session("it does not answer", [](Session&) { return CKR_OK; }));
    return cannot_open();
  }

 private:
  explicit TokenKey(const TokenAddress& address) : address_(address) {}

  // The key encrypts zeroes under a nonce that is used for nothing else, and the result is hashed:
  // it follows from the key, and a token that gives no key away can make it.
  static std::string fingerprint_nonce() { return std::string(nonce_bytes, '\0'); }
  static CK_RV fingerprint_in(Session& session, std::string& out) {
    std::string nonce = fingerprint_nonce();
    std::string zeroes(16, '\0');
    std::string made;
    CK_GCM_PARAMS parameters = gcm(nonce, fingerprint_purpose);
    CK_RV code = session.encrypt(parameters, zeroes, made);
    if (code != CKR_OK) return code;
    out.resize(fingerprint_bytes);
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       Session::mutable_bytes(made), made.size(),
                       Session::mutable_bytes(fingerprint_purpose), fingerprint_purpose.size());
    return CKR_OK;
  }

  static CK_GCM_PARAMS gcm(std::string_view nonce, std::string_view bound) {
    return {Session::mutable_bytes(nonce), nonce_bytes,  nonce_bytes * 8,
            Session::mutable_bytes(bound), bound.size(), tag_bytes * 8};
  }

  Result<std::string> encrypt(std::string_view nonce, std::string_view plain,
                              std::string_view bound) const {
    CK_GCM_PARAMS parameters = gcm(nonce, bound);
    std::string out;
    TRY(in_session("it does not wrap",
                   [&](Session& session) { return session.encrypt(parameters, plain, out); }));
    return out;
  }

  // A token that was pulled out, or has ended the session, is asked once more in a new one.
  template <class Work>
  Result<> in_session(std::string_view what, const Work& work) const {
    std::lock_guard lock(mutex_);
    CK_RV code = CKR_OK;
    for (int tries = 0; tries < 2; tries++) {
      if (!session_) session_ = TRY(open_session());
      code = work(*session_);
      if (code == CKR_OK) return {};
      session_.reset();
    }
    return no_answer(what, code);
  }

  // What is wrapped by a key that has taken this one's place would never be found again.
  Result<std::unique_ptr<Session>> open_session() const {
    auto session = TRY(Session::open(*module_, address_));
    if (fingerprint_.empty()) return session;
    std::string found;
    CK_RV code = fingerprint_in(*session, found);
    if (code != CKR_OK) return no_answer("its key does not answer", code);
    if (found != fingerprint_) {
      return fail(
          ErrorCode::unavailable,
          fmt::format("The token {} no longer holds the master key {}.", address_.token, id()));
    }
    return session;
  }

  TokenAddress address_;
  std::unique_ptr<Module> module_;
  std::string fingerprint_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Session> session_;  // Ends before its module.
};

}  // namespace

Result<std::unique_ptr<MasterKey>> open_token_key(std::string_view uri) {
  return TokenKey::open(TRY(parse_token_address(uri)));
}

}  // namespace piggy
