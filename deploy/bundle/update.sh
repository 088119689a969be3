#!/bin/sh
# Puts this version in the place of the one installed: copy, upgrade of the ledger (which is backed up first), switch.
# Killed at any moment, it is run again. --back returns to the program before, and to the ledger as it was.
. "$(dirname "$0")/common.sh"
[ ! -f "$here/../install.conf" ] || to=$(dirname "$here")
back=
while [ $# -gt 0 ]; do
    case $1 in
    --to) to=${2:?} && shift ;;
    --back) back=yes ;;
    *) die "用法：sudo sh update.sh [--to 程序文件夹] [--back]" ;;
    esac
    shift
done
known "$to"
[ -n "${data:-}" ] || die "$to 没有装过整改台账；装在别处的请写 --to 程序文件夹，没有装过的请运行 install.sh"
is_root || [ "$(id -un)" = "$user" ] || die "请用 root 运行：sudo sh update.sh"
if is_root && [ -f "$unit" ] && ! is_booted; then echo "服务没有在运行的 systemd 里，只换程序" >&2; fi

if [ -n "$back" ]; then
    [ -L "$to/previous" ] || die "没有留存的旧程序，退不回去"
    name=$(readlink "$to/previous")
    stop_service
    if ! run "$to/previous/program/bin/rectify" unit list >/dev/null 2>&1; then
        copy=$(find "$data/backups" -name 'before-upgrade-*.zip' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2)
        [ -n "$copy" ] || die "没有找到升级前的备份（$data/backups/before-upgrade-….zip），没有退回"
        run "$to/current/program/bin/rectify" upgrade --back "$copy" || {
            start_service || true
            die "台账没有退回，程序也没有换"
        }
    fi
else
    place_program
    stop_service
    echo "正在升级台账（先备份）……"
    run "$to/$name/program/bin/rectify" upgrade || {
        start_service || true
        die "没有升级，仍是原来的程序和台账。按上面的说明处理后，再运行一次 update.sh"
    }
fi
switch_to "$name"
if [ -n "$back" ]; then rm "$to/previous"; fi
cp "$to/current/rectify" "$to/rectify"
if has_service; then
    sed "s#@TO@#$to#; s#@DATA@#$data#g; s#@USER@#$user#" "$to/current/rectify.service" >"$unit"
fi
start_service || die "新程序没有正常启动，原因见上。要退回：sudo sh $to/current/update.sh --back"
echo "现在是 $(cat "$to/current/VERSION")（$name），请运行 rectify doctor 看一遍"
[ ! -L "$to/previous" ] || echo "要退回：sudo sh $to/current/update.sh --back"
{ is_booted && has_service; } || echo "启动：$to/rectify up"
# Of the programs, the one that runs and the one before are kept.
for old in "$to"/*-????????; do
    case $(basename "$old") in "$name" | "$(readlink "$to/previous" || true)") ;; *) rm -rf "$old" ;; esac
done
