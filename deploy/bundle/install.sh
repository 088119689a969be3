#!/bin/sh
# Installs without network; again, from the installed folder, to move the program or name other data.
. "$(dirname "$0")/common.sh"
usage="用法：sudo sh install.sh [--to 程序文件夹] [--data 数据文件夹] [--user 帐号] [--no-service] [-- rectify setup 的选项]
不写就装在 /opt/rectify，数据在 /var/lib/rectify，帐号 rectify。不用 root 时要写 --to 和 --data，不装服务。"

asked_data=
asked_user=
service=yes
from=$(dirname "$here")
if [ -f "$from/install.conf" ]; then to=$from moved=$from; fi
while [ $# -gt 0 ]; do
    case $1 in
    --to) to=${2:?$usage} && shift ;;
    --data) asked_data=${2:?$usage} && shift ;;
    --user) asked_user=${2:?$usage} && shift ;;
    --no-service) service= ;;
    --) shift && break ;;
    *) die "$usage" ;;
    esac
    shift
done
is_root || user=$(id -un)
[ -z "$moved" ] || known "$moved"
known "$to"
data=${asked_data:-${data:-/var/lib/rectify}}
user=${asked_user:-${user:-rectify}}
case $to$data in *[!A-Za-z0-9/._-]*) die "文件夹名称请只用英文字母、数字和 / . _ -，现在是 $to、$data" ;; esac
case $to:$data in [!/]* | *:[!/]*) die "文件夹请写完整路径，以 / 开头" ;; esac
case $data/ in "$to"/*) die "数据文件夹不能放在程序文件夹里面，否则卸载时会一起删掉" ;; esac
is_root || [ "$to" != /opt/rectify ] || die "请用 root 运行：sudo sh install.sh"
if [ -L "$to/current" ] && [ "$(cat "$to/current/VERSION")$(sha256sum <"$to/current/SHA256SUMS")" != \
    "$(cat "$here/VERSION")$(sha256sum <"$here/SHA256SUMS")" ]; then
    die "$to 已经装有 $(cat "$to/current/VERSION")，请运行 update.sh 升级"
fi

place_program
if is_root; then
    id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$user"
fi
mkdir -p "$data"
if is_root; then chown "$user" "$data"; fi
chmod 700 "$data"
stop_service
printf 'data=%s\nuser=%s\n' "$data" "$user" >"$to/install.conf"
switch_to "$name"
cp "$here/rectify" "$to/rectify"
chmod 755 "$to/rectify"
if is_root && [ -d "${command%/*}" ]; then ln -sfn "$to/rectify" "$command"; fi

if [ $# -gt 0 ] || { [ ! -f "$data/rectify.toml" ] && [ -t 0 ]; }; then
    "$to/rectify" setup "$@" || echo "设置没有完成，以后运行 $to/rectify setup 再办" >&2
fi
if [ -n "$service" ] && is_root && [ -d "${unit%/*}" ]; then
    sed "s#@TO@#$to#; s#@DATA@#$data#g; s#@USER@#$user#" "$here/rectify.service" >"$unit"
    start_service || die "程序没有正常启动，原因见上。改正后运行 systemctl restart rectify"
fi
echo "已装好 $(cat "$here/VERSION")：程序在 $to，台账、材料、设置、备份在 $data"
if has_service && is_booted; then
    journalctl --unit rectify --lines 50 --output cat --no-pager | grep '^首次启用' | tail -n 1 || true
    echo "开机自动启动；查看状态：systemctl status rectify"
else
    echo "启动：$to/rectify up"
fi
if [ -n "$moved" ] && [ "$moved" != "$to" ]; then echo "原来的程序文件夹 $moved 可以删除了"; fi
