#!/usr/bin/env bash
# A private PostgreSQL 15 for tests and measurements, reached through a Unix socket alone.
#
#   tools/postgres.sh start DIR [--fsync on|off]   makes and starts it, prints its URL
#   tools/postgres.sh stop DIR                     ends it and removes DIR
#
# DIR must be missing or empty, and its path short (a socket's path ends at 107 characters). The
# database is called piggy, and so is its owner, who needs no password. PostgreSQL refuses to run as
# root, so root runs it as postgres; then every folder above DIR must be open to that user.
set -euo pipefail

readonly programs=/usr/lib/postgresql/15/bin

main() {
  case "${1:-} $#" in
    'start 2') start "$2" on ;;
    'start 4') start "$2" "$4" ;;
    'stop 2') stop "$2" ;;
    *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; return 2 ;;
  esac
}

start() {
  local directory=$1 fsync=$2 messages
  messages=$(mktemp)
  mkdir -p "$directory"
  directory=$(realpath "$directory")
  if ((EUID == 0)); then chown postgres: "$directory"; fi
  chmod 700 "$directory"
  make_and_start "$directory" "$fsync" >"$messages" 2>&1 </dev/null || {
    cat "$messages" "$directory/log" >&2 || true
    rm -f "$messages"
    return 1
  }
  rm -f "$messages"
  echo "postgresql://piggy@/piggy?host=$directory"
}

make_and_start() {
  local directory=$1 fsync=$2
  # Bytewise order of texts, as in SQLite.
  as_owner "$programs/initdb" -D "$directory/data" -U piggy --auth=trust --encoding=UTF8 \
    --locale=C --no-sync &&
    settings "$directory" "$fsync" | as_owner tee -a "$directory/data/postgresql.conf" &&
    as_owner "$programs/pg_ctl" start -w -t 60 -D "$directory/data" -l "$directory/log" &&
    as_owner "$programs/createdb" -h "$directory" -U piggy piggy
}

# fsync off is for unit tests alone: an acknowledged commit may then be lost with the machine.
settings() {
  cat <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$1'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
fsync = $2
synchronous_commit = $2
full_page_writes = $2
SETTINGS
}

stop() {
  local directory=$1
  [[ -d $directory ]] || return 0
  if [[ -f $directory/data/PG_VERSION ]]; then
    as_owner "$programs/pg_ctl" stop -w -m immediate -D "$directory/data" >/dev/null 2>&1 || true
  elif [[ -n $(ls -A "$directory") ]]; then
    echo "$directory holds no PostgreSQL; it is left alone." >&2
    return 1
  fi
  rm -rf "$directory"
}

as_owner() (
  cd /  # The owner may not be allowed to stand where we do.
  if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
)

main "$@"
