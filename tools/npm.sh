#!/usr/bin/env bash
# Installs outside programs from npm for tests, pinned by a package-lock.json.
#
#   tools/npm.sh FROM TO      FROM holds package.json and package-lock.json; TO gets node_modules
#
# Only the first run, and one after the pinned versions have changed, needs the network.
set -euo pipefail

from=$1
to=$2
mkdir -p "$(dirname "$to")"
exec {lock}>"$to.lock"  # Tests that run side by side may want the same.
flock "$lock"
cmp -s "$from/package-lock.json" "$to/installed-lock.json" && exit
echo "Installing the packages of ${from##*/} from npm." >&2
mkdir -p "$to"
cp "$from/package.json" "$from/package-lock.json" "$to/"
(cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
cp "$from/package-lock.json" "$to/installed-lock.json"
