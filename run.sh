#!/usr/bin/env bash
# Sets Solovox up where that is needed, then starts it: no argument opens the window.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$root/resources/setup/setup.sh"
set_up requirements.lock
exec "$python" "$root/main.py" "$@"
