# shellcheck shell=sh disable=SC2034,SC2154  # `data` and `user` come from install.conf
# What install.sh, update.sh and uninstall.sh share. `to` is the program's folder, `data` the ledger's, `user` whose they are.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd -P)
to=/opt/rectify
unit=${DESTDIR:-}/etc/systemd/system/rectify.service
command=${DESTDIR:-}/usr/local/bin/rectify
moved= # the folder it was installed in, where this is a move

die() {
    echo "$1" >&2
    exit 1
}
is_root() { [ "$(id -u)" = 0 ]; }
has_service() { [ -f "$unit" ] && grep -q -e "^ExecStart=$to/" -e "^ExecStart=${moved:-$to}/" "$unit"; }
is_booted() { [ -d /run/systemd/system ]; }

# What was chosen at installation: data and user.
known() {
    # shellcheck source=/dev/null
    [ ! -f "$1/install.conf" ] || . "$1/install.conf"
}

# A program of this installation as the ledger's user, on the ledger's data.
run() {
    (
        cd "$data"
        set -- env HOME="$data" RECTIFY_DATA_DIR="$data" "$@"
        [ "$(id -un)" = "$user" ] || set -- runuser -u "$user" -- "$@"
        "$@"
    )
}

stop_service() {
    if has_service && is_booted; then systemctl stop rectify; fi
}
start_service() {
    has_service && is_booted || return 0
    systemctl daemon-reload
    systemctl enable --quiet rectify
    systemctl start rectify
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        if run "$to/current/program/bin/python" -I -c '
import sys
try:
    from app.reaching import why_unreached
    from core.settings import load_settings
except ImportError:
    sys.exit()  # a program of before, on the way back: that it runs has to do
sys.exit(bool(why_unreached(load_settings().own_url)))'; then return 0; fi
        sleep 1
    done
    systemctl --no-pager --lines 20 status rectify >&2 || true
    return 1
}

# The program beside this script, checked and complete, in a folder of its own under `to`; `name` is that folder's.
place_program() {
    echo "正在核对安装包……"
    (cd "$here" && sha256sum --quiet -c SHA256SUMS) || die "安装包不完整或被改动过，没有安装。请重新复制安装包"
    name=$(cat "$here/VERSION")-$(sha256sum "$here/SHA256SUMS" | cut -c1-8)
    [ ! -f "$to/$name/.complete" ] || return 0
    echo "正在复制程序到 $to/$name ……"
    rm -rf "${to:?}/$name"
    mkdir -p "$to/$name"
    cp -R "$here/." "$to/$name/"
    if [ -d "$here/wheels" ]; then with_python; fi
    touch "$to/$name/.complete"
}

# The archive of wheels has no Python of its own: the host's makes an environment, in the place where it will stay.
with_python() {
    wanted=$(cat "$here/PYTHON")
    command -v "python$wanted" >/dev/null || die "这台电脑没有 Python $wanted，请改用自带 Python 的安装包"
    rm -rf "$to/$name/program"
    "python$wanted" -m venv "$to/$name/program" || die "Python $wanted 缺少 venv，请改用自带 Python 的安装包"
    (cd "$to/$name/wheels" && ../program/bin/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location --no-index --find-links . \
        --no-deps --require-hashes --requirement "linux.txt") || die "没有装好，请改用自带 Python 的安装包"
}

# Which program runs from now on, in one step; the one before is kept for the way back.
switch_to() {
    before=$(readlink "$to/current" || true)
    if [ -n "$before" ] && [ "$before" != "$1" ]; then ln -sfn "$before" "$to/previous"; fi
    ln -sfn "$1" "$to/current.new"
    mv -T "$to/current.new" "$to/current"
}
