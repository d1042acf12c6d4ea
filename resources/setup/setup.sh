# Sourced by run.sh and test.sh: makes .venv in the project folder and checks the system libraries.
# Defines set_up LOCKFILE; afterwards $python is the interpreter to use.
# Everything is skipped when the stamp in .venv equals the lock file, so a second start costs nothing.

say() { printf 'Solovox set-up: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# library to look for | Debian package that has it
system_libraries='
libGL.so.1|libgl1
libgthread-2.0.so.0|libglib2.0-0
libEGL.so.1|libegl1
libxkbcommon.so.0|libxkbcommon0
libdbus-1.so.3|libdbus-1-3
libfontconfig.so.1|libfontconfig1
libpulse.so.0|libpulse0
libgssapi_krb5.so.2|libgssapi-krb5-2
libbrotlidec.so.1|libbrotli1
libXrandr.so.2|libxrandr2
libdrm.so.2|libdrm2
libxkbcommon-x11.so.0|libxkbcommon-x11-0
libxcb-cursor.so.0|libxcb-cursor0
libxcb-icccm.so.4|libxcb-icccm4
libxcb-image.so.0|libxcb-image0
libxcb-keysyms.so.1|libxcb-keysyms1
libxcb-render-util.so.0|libxcb-render-util0
libxcb-shape.so.0|libxcb-shape0
libxcb-xkb.so.1|libxcb-xkb1
'

is_root() { [ "$(id -u)" = 0 ]; }
has_apt() { command -v apt-get >/dev/null 2>&1; }
sudo_word() { if is_root; then printf ''; else printf 'sudo '; fi; }

# Installs the packages named, or prints the one command that does.
install_packages() {
    command="apt-get update && $(sudo_word)apt-get install -y --no-install-recommends $*"
    if is_root && has_apt; then
        say "installing system packages: $*"
        if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1; then
            stop "the system packages could not be installed; check the network and run it again, or run: $command"
        fi
    elif has_apt; then
        stop "system packages are missing; install them with: sudo $command"
    else
        stop "system libraries are missing; install what your system calls these Debian packages: $*"
    fi
}

check_system_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    cache=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null)
    missing=''
    for pair in $system_libraries; do
        case "$cache" in
            *"${pair%%|*} "*) ;;
            *) missing="$missing ${pair##*|}" ;;
        esac
    done
    find /usr/share/fonts "${HOME:-/nonexistent}/.fonts" "${HOME:-/nonexistent}/.local/share/fonts" \
        -name '*.[ot]t[fc]' 2>/dev/null | grep -q . || missing="$missing fonts-dejavu-core"
    # The list holds package names only, one word each.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_packages $missing
}

# Prints the first Python 3.10 to 3.12 that can make virtual environments.
find_python() {
    for candidate in ${SOLOVOX_PYTHON:-} python3.11 python3.12 python3.10 python3 python; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' \
            >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_environment() {
    base=$(find_python) || {
        install_packages python3 python3-venv
        base=$(find_python) || stop "Python 3.10, 3.11 or 3.12 is needed; install one (with its venv module) or name it: SOLOVOX_PYTHON=/path/to/python ./run.sh"
    }
    "$python" -c 'import pip' >/dev/null 2>&1 || "$base" -m venv --clear "$root/.venv" >>"$log" 2>&1 ||
        stop "the environment could not be made in $root/.venv (details: $log); check free space and write access"
}

install_requirements() {
    say "installing Python packages (about 7 GB on disk, a few minutes the first time)"
    # uv downloads in parallel and keeps what is finished, so an interrupted set-up goes on.
    "$python" -m pip install -q --disable-pip-version-check "uv>=0.5" >>"$log" 2>&1 &&
        VIRTUAL_ENV="$root/.venv" "$root/.venv/bin/uv" pip install -q --compile-bytecode -r "$1" >>"$log" 2>&1 && return 0
    if grep -qiE 'resolve host|name resolution|network is unreachable|connection (refused|reset|error)|timed out|failed to (fetch|lookup)|dns error|NewConnectionError|No matching distribution found for uv' "$log"; then
        stop "the Python packages could not be fetched; connect to the Internet and run it again, it goes on where it stopped"
    fi
    if grep -qiE 'no space left' "$log"; then
        stop "the disk is full; free about 8 GB and run it again, it goes on where it stopped"
    fi
    stop "the Python packages could not be installed; details are in $log"
}

set_up() {
    lock="$root/$1"
    python="$root/.venv/bin/python"
    log="$root/.setup/log.txt"
    stamp="$root/.venv/$1.done"
    cmp -s "$lock" "$stamp" && return 0
    mkdir -p "$root/.setup" || stop "cannot write in $root; put Solovox in a folder of your own"
    # Two starts at once must not install into each other.
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$root/.setup/lock"
        flock 9
        if cmp -s "$lock" "$stamp"; then exec 9>&-; return 0; fi
    fi
    : >"$log"
    check_system_libraries
    make_environment
    install_requirements "$lock"
    cp "$lock" "$stamp"
    say "done"
    if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}
