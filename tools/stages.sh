# Stages: long work shown as one line each, with its seconds, and counted. Sourced by ./dev.
#
# A stage's output goes to build/log/NAME.log. Meanwhile a terminal shows its last line, and a log
# of a build machine a sign of life every half minute. A stage that fails shows its end, and the
# next one runs all the same, so that one run tells everything that is wrong.
#
# Stages that do not disturb each other may run side by side: `beside` starts one as soon as there is
# a processor for it, and `all_beside` waits for the last of them. What must be alone comes after.

stages_passed=0
stages_failed=0
stages_log=build/log

# stage NAME COMMAND…: runs it and counts the tests it reports; one, if it reports none.
stage() { run_stage counted "$@"; }

# step NAME COMMAND…: the same for what is no test by itself (setup, a build): only a failure counts.
step() { run_stage uncounted "$@"; }

run_stage() {
  local kind=$1 name=$2 started=$SECONDS status=0 log ticker
  shift 2
  log=$(begin_log "$name")
  show_life "$name" "$log" &
  ticker=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  { kill "$ticker" && wait "$ticker"; } 2>/dev/null
  end_stage "$kind" "$name" "$log" "$started" "$status"
}

# beside NAME COMMAND…: a stage next to those that run already. Returns while it runs.
beside() {
  local name=$1 log
  shift
  ((${#beside_name[@]} < $(nproc))) || end_one_beside
  log=$(begin_log "$name")
  # A group of its own, so that it can be ended with all that it has started.
  set -m
  run_beside "$name" "$log" "$@" &
  set +m
  beside_name[$!]=$name
  beside_started[$!]=$SECONDS
}

all_beside() { while ((${#beside_name[@]})); do end_one_beside; done; }

declare -A beside_name=() beside_started=()  # By process.

run_beside() {
  local name=$1 log=$2 ticker status=0
  shift 2
  # Several would write over each other's line on a terminal.
  if [[ ! -t 1 ]]; then
    show_life "$name" "$log" &
    ticker=$!
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ -n ${ticker:-} ]]; then { kill "$ticker" && wait "$ticker"; } 2>/dev/null; fi
  return "$status"
}

end_one_beside() {
  local pid status=0 name started
  if [[ -t 1 ]]; then printf '    %s' "$(printf '%s   ' "${beside_name[@]}" | cut -c 1-70)"; fi
  wait -n -p pid "${!beside_name[@]}" || status=$?
  name=${beside_name[$pid]} started=${beside_started[$pid]}
  unset "beside_name[$pid]" "beside_started[$pid]"
  end_stage counted "$name" "$(log_of "$name")" "$started" "$status"
}

end_all_beside() {
  local pid
  for pid in "${!beside_name[@]}"; do kill -- "-$pid" 2>/dev/null; done
}
trap end_all_beside EXIT

log_of() { echo "$stages_log/${1//[^a-zA-Z0-9_.-]/_}.log"; }

begin_log() {
  mkdir -p "$stages_log"
  : >"$(log_of "$1")"
  log_of "$1"
}

# Shows and counts one: KIND NAME LOG STARTED STATUS.
end_stage() {
  local kind=$1 name=$2 log=$3 started=$4 status=$5
  clear_line
  count_stage "$kind" "$log" "$status"
  printf '%s  %-34s %4d s  %s\n' "$stage_mark" "$name" $((SECONDS - started)) "$stage_counts"
  grep '^skipped: ' "$log" | sed 's/^/    | /'
  if [[ $stage_mark == FAILED ]]; then
    show_failure "$log"
    return 1
  fi
}

# The last line of totals, which other programs read: keep it plain.
print_total() {
  printf '\n%d passed, %d failed\n' "$stages_passed" "$stages_failed"
  ((stages_failed == 0))
}

# Sets stage_mark and stage_counts, and adds to the totals.
count_stage() {
  local kind=$1 log=$2 status=$3 passed failed
  # A stage that counts nothing is one test itself.
  read -r passed failed < <(read_counts "$log") || {
    passed=0 failed=0
    if [[ $kind == counted && $status == 0 ]]; then passed=1; fi
  }
  # A program that dies after its last passed test has still failed.
  if ((failed == 0 && status != 0)); then failed=1; fi
  stages_passed=$((stages_passed + passed))
  stages_failed=$((stages_failed + failed))
  stage_mark='ok    '
  ((failed == 0)) || stage_mark=FAILED
  stage_counts=
  if [[ $kind == counted || $failed != 0 ]]; then stage_counts="$passed passed, $failed failed"; fi
}

# What the log says at its end: a line `N passed, N failed`, or doctest's summary. Nothing if neither.
read_counts() {
  local plain='^([0-9]+) passed, ([0-9]+) failed$' line
  line=$(tail -n 1 "$1")
  if [[ $line =~ $plain ]]; then
    echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
  else
    sed -nE 's/^\[doctest\] test cases: *[0-9]+ \| *([0-9]+) passed \| *([0-9]+) failed.*/\1 \2/p' "$1" |
      tail -n 1
  fi
}

# Ends with the script; its sleeps hold none of the script's files open.
show_life() {
  local name=$1 log=$2 started=$SECONDS line
  if [[ -t 1 ]]; then
    while sleep 0.3 >/dev/null 2>&1 && kill -0 $$; do
      line=$(tail -c 400 "$log" | tr '\r' '\n' | tail -n 1 | tr -cd '[:print:]')
      printf '\r\033[K    %s %d s  %.*s' "$name" $((SECONDS - started)) 70 "$line"
    done
  else
    while sleep 30 >/dev/null 2>&1 && kill -0 $$; do
      printf '    %s, %d s: %s\n' "$name" $((SECONDS - started)) "$(tail -n 1 "$log" | cut -c 1-120)"
    done
  fi
}

clear_line() { if [[ -t 1 ]]; then printf '\r\033[K'; fi; }

# A failed build tells its reason at its first FAILED line, everything else at its end.
show_failure() {
  local log=$1
  if grep -q '^FAILED:' "$log"; then
    sed -n '/^FAILED:/,$p' "$log" | head -n 60 | sed 's/^/    | /'
  else
    tail -n 40 "$log" | sed 's/^/    | /'
  fi
  echo "    the whole log: $log"
}
