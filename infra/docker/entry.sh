#!/bin/sh
# Runs the service that is named, else a command of `mayday`. Node is process 1: it gets SIGTERM itself.
set -eu
case "${1:-}" in
  collector | processor | symbols | indexer | webapp | scheduler)
    service=$1
    shift
    exec node "/mayday/services/$service/src/main.ts" "$@"
    ;;
  *) exec node /mayday/services/cli/src/main.ts "$@" ;;
esac
