#!/bin/sh
# Removes the program and its service. The data folder, with the ledger and its backups, stays.
. "$(dirname "$0")/common.sh"
[ ! -f "$here/../install.conf" ] || to=$(dirname "$here")
[ "${1:-}" != --to ] || to=${2:?}
known "$to"
[ -n "${data:-}" ] || die "$to 没有装过整改台账；装在别处的请写 --to 程序文件夹"
is_root || [ "$(id -un)" = "$user" ] || die "请用 root 运行：sudo sh uninstall.sh"
if has_service; then
    if is_booted; then systemctl disable --quiet --now rectify; fi
    rm -f "$unit" /etc/systemd/system/multi-user.target.wants/rectify.service
    if is_booted; then systemctl daemon-reload; fi
fi
if [ "$(readlink "$command" || true)" = "$to/rectify" ]; then rm -f "$command"; fi
rm -rf "$to"/*-???????? "$to/current" "$to/current.new" "$to/previous" "$to/install.conf" "$to/rectify"
rmdir "$to" 2>/dev/null || echo "$to 里还有别的文件，没有删除" >&2
account=
[ "$user" = "$(id -un)" ] || account="，帐号 $user 也还在"
echo "程序已卸载。台账、材料、设置、备份仍在 $data$account；确定不要了再自己删除"
