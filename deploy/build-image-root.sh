#!/bin/sh
# Builds what the collector's image holds from a checkout: deploy/build-image-root.sh <checkout> <target>.
# The Dockerfile calls it; it needs Node and npm only, so it runs outside a container as well.
set -eu
checkout=$(cd "$1" && pwd)
target=$2
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
  echo "build-image-root: $target is not empty" >&2
  exit 1
fi
mkdir -p "$target"
cd "$checkout"
# Sources only: nothing that was compiled or installed in the checkout may slip in.
tar -cf - --exclude node_modules --exclude dist --exclude '*.tsbuildinfo' \
  package.json package-lock.json .npmrc tsconfig.base.json tsconfig.json collector embedded-clickhouse sql |
  tar -xf - -C "$target"
cd "$target"
npm ci --ignore-scripts --no-audit --no-fund
npx --no-install tsc -b
npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What only the compiler, npm and the tests need.
rm -rf package-lock.json .npmrc tsconfig*.json collector/test collector/scripts embedded-clickhouse/test
find collector embedded-clickhouse sql -not -path '*/node_modules/*' \
  \( -path '*/src/*' -o -name '*.tsbuildinfo' -o -name '*.itest.*' -o -name '*.test.*' \) -not -name NOTICE -type f -delete
find collector embedded-clickhouse sql -type d -empty -delete
