#!/usr/bin/env bash
# Sets up what the checks need, then runs the linter, the type checker and the tests.
# Arguments go to pytest, for instance: ./test.sh tests/media
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$root/resources/setup/setup.sh"
set_up requirements-test.lock
cd "$root"
export QT_QPA_PLATFORM=offscreen OMP_WAIT_POLICY=passive
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
exec "$python" -m pytest "$@"
