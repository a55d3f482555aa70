#!/usr/bin/env bash
# Runs every fuzz target of a build, as many at once as there are processors:
#
#   tools/fuzz.sh BUILD SECONDS
#
# What a target has learnt stays in build/fuzz/TARGET/corpus; test/fuzz/TARGET may hold inputs to
# start from. An input that breaks a target is kept in build/fuzz/TARGET and fails the run.
set -uo pipefail

main() {
  local build=$1 seconds=$2 targets passed=0 failed=0 target
  # By their sources: an old build may still hold the program of one that is gone.
  mapfile -t targets < <(find src -name '*_fuzz.cpp' | sed -E "s|.*/(.*)\.cpp|$build/fuzz/\1|" | sort)
  ((${#targets[@]} == 0)) || printf '%s\n' "${targets[@]}" |
    xargs -P "$(nproc)" -I{} bash "$0" --one {} "$seconds"
  for target in "${targets[@]}"; do
    if [[ -f $(folder_of "$target")/passed ]]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "== $(basename "$target") failed:"
      tail -n 40 "$(folder_of "$target")/log"
    fi
  done
  # No targets at all means that they were lost, not that all is well.
  if ((${#targets[@]} == 0)); then
    echo 'There are no fuzz targets src/*/*_fuzz.cpp.'
    failed=1
  fi
  echo "$passed passed, $failed failed"
  ((failed == 0))
}

run_one() {
  local target=$1 seconds=$2 folder seeds=()
  folder=$(folder_of "$target")
  mkdir -p "$folder/corpus"
  rm -f "$folder/passed"
  [[ -d test/fuzz/$(basename "$target") ]] && seeds=("test/fuzz/$(basename "$target")")
  if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$folder/" "$folder/corpus" "${seeds[@]}" >"$folder/log" 2>&1; then
    touch "$folder/passed"
  fi
  echo "$(basename "$target"): $(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log") inputs"
}

folder_of() { echo "build/fuzz/$(basename "$1")"; }

if [[ $1 == --one ]]; then run_one "$2" "$3"; else main "$1" "$2"; fi
