#!/usr/bin/env bash
# Builds the console for the program.
#
#   console/build.sh CLIENT TO      CLIENT prints the typed client; TO gets files.cpp and what it embeds
#
# Only the first run, and one after the pinned versions have changed, needs the network.
set -euo pipefail

client=$(realpath "$1")
mkdir -p "$2"
to=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/npm.sh console build/npm-console
ln -sfn ../build/npm-console/node_modules console/node_modules

cd console
"$client" >"$to/piggy.ts"
cmp -s "$to/piggy.ts" src/api/piggy.ts || cp "$to/piggy.ts" src/api/piggy.ts
node_modules/.bin/tsc
node_modules/.bin/vite build --logLevel warn --emptyOutDir --outDir "$to/files"
node embed.mjs "$to"
