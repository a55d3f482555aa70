#!/usr/bin/env bash
# Runs the unit tests in parts, as many at once as there are processors:
#
#   tools/unit_tests.sh PROGRAM
#
# A part is a process with the tests of one module, or of test/scenario. One more part has whatever
# belongs to none of those, and the cases of all parts are counted against those of the program, so
# that no test is left out wherever its file is. Ends with what failed and the line of totals.
set -uo pipefail

# These take longest, so they begin first.
readonly first=(test/scenario src/audit src/database src/flow src/app src/door)

main() {
  local program=$1 part passed=0 failed=0 good bad
  logs=$(mktemp -d)
  trap 'rm -rf "$logs"' EXIT
  trap 'exit 143' TERM INT
  all_parts | xargs -P "$(nproc)" -I{} bash "$0" --one "$program" {} "$logs"
  for part in $(all_parts); do
    read -r good bad <"$(log_of "$part").counts" || good=0 bad=1
    passed=$((passed + good)) failed=$((failed + bad))
    if ((bad)); then
      echo "== $part failed:"
      tail -n 35 "$(log_of "$part")"
    fi
  done
  # Where a part has failed there is a failure already, and one that died tells nothing of its cases.
  if ((failed == 0)) && [[ $passed != "$(cases_of "$program")" ]]; then
    echo "The parts have $passed cases, but the whole program has '$(cases_of "$program")'."
    failed=1
  fi
  echo "$passed passed, $failed failed"
  ((failed == 0))
}

all_parts() { folders; echo others; }

# Those with tests, each once.
folders() {
  { printf '%s\n' "${first[@]}"; find src -name '*_test.cpp' -printf '%h\n' | sort; } | awk '!seen[$0]++'
}

run_one() {
  local program=$1 part=$2 started=$SECONDS status=0 summary good=0 bad=0 filter log
  logs=$3
  log=$(log_of "$part")
  filter="--source-file=*/$part/*"
  if [[ $part == others ]]; then
    filter="--source-file-exclude=$(folders | sed 's|.*|*/&/*|' | paste -sd,)"
  fi
  "$program" "$filter" >"$log" 2>&1 </dev/null || status=$?
  summary=$(grep '^\[doctest\] test cases:' "$log" | tail -n 1)
  if [[ $summary =~ ([0-9]+)\ passed\ \|\ *([0-9]+)\ failed ]]; then
    good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
  fi
  # Who dies, whatever it was doing, has failed.
  if ((bad == 0)) && [[ $status != 0 || -z $summary ]]; then bad=1; fi
  echo "$good $bad" >"$log.counts"
  printf '%-20s %4d passed, %d failed, %d s\n' "$part" "$good" "$bad" $((SECONDS - started))
}

cases_of() { "$1" --count | sed -n 's/.*unskipped test cases passing the current filters: *//p'; }

log_of() { echo "$logs/${1//\//_}"; }

if [[ $1 == --one ]]; then run_one "${@:2}"; else main "$1"; fi
