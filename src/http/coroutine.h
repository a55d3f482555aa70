#pragma once

// The two kinds of coroutines a connection is made of. Asio's own `awaitable` keeps a stack of
// frames on the heap beside the coroutine and can only wait for Asio; these wait for anything that
// keeps a handle, which lets an answer that is already there cost nothing.

#include <coroutine>
#include <exception>
#include <utility>

namespace piggy::http {

// Runs at once until it first waits, and frees itself at its end. Nobody waits for it.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// A step of another coroutine, which waits for it: `bool good = co_await step();`.
class [[nodiscard]] Step {
 public:
  struct promise_type {
    Step get_return_object() {
      return Step(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Resume {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> step) noexcept {
          return step.promise().waiting;
        }
        void await_resume() noexcept {}
      };
      return Resume{};
    }
    void return_value(bool value) { good = value; }
    void unhandled_exception() { std::terminate(); }

    std::coroutine_handle<> waiting = {};
    bool good = false;
  };

  Step(Step&& other) noexcept : step_(std::exchange(other.step_, {})) {}
  ~Step() {
    if (step_) step_.destroy();
  }

  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) {
    step_.promise().waiting = waiting;
    return step_;
  }
  bool await_resume() { return step_.promise().good; }

 private:
  explicit Step(std::coroutine_handle<promise_type> step) : step_(step) {}

  std::coroutine_handle<promise_type> step_;
};

}  // namespace piggy::http
