#!/usr/bin/env bash
# The README's two commands on a bare Debian 12: python3, python3-venv, make and git in a fresh root, and nothing else.
#     sudo ROOT=/tmp/bare tests/bare-debian.sh
# tries what is committed here, for some 20 minutes; the logs stay in ROOT/root. ROOT is not deleted: it must not be there before.
set -eu
ROOT=${ROOT:?a folder to make}
project=$(cd "$(dirname "$0")/.." && pwd)
[ ! -e "$ROOT" ] || { echo "! $ROOT is there already. Name another folder, or delete it." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "! debootstrap is missing. On Debian or Ubuntu: sudo apt install debootstrap" >&2; exit 1; }

mirror=$(grep -h ^URIs /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1 | cut -d' ' -f2)
debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,make,git bookworm "$ROOT" ${mirror:+"$mirror"} >"$ROOT.log" 2>&1 ||
    { echo "! debootstrap failed: $(tail -n 1 "$ROOT.log")" >&2; exit 1; }
# How this machine reaches the registries is no part of what is tried.
cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$ROOT/etc/ssl/certs/"
for settings in /etc/pip.conf /etc/npmrc /root/.npmrc /root/.config/pip /etc/apt/sources.list.d /etc/apt/apt.conf.d; do
    [ -e "$settings" ] || continue
    mkdir -p "$ROOT$(dirname "$settings")"
    cp -rT "$settings" "$ROOT$settings"
done
git clone -q "$project" "$ROOT/root/kentongan"

trap 'umount -l "$ROOT/proc" "$ROOT/sys" "$ROOT/dev" 2>/dev/null || true' EXIT
mount -t proc proc "$ROOT/proc"
mount -t sysfs sys "$ROOT/sys"
mount --rbind /dev "$ROOT/dev"
mount --make-rslave "$ROOT/dev"
within() {
    kept=$(env | grep -iE '^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_[a-z_]*)=' | tr '\n' ' ' || true)
    # shellcheck disable=SC2086
    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PIP_CERT=/etc/ssl/certs/ca-certificates.crt $kept \
        chroot "$ROOT" bash -c "cd /root/kentongan; $1"
}

within 'make run DATA=/root/data >/root/run.log 2>&1 & runs=$!
for s in $(seq 600); do
    sleep 1
    grep -q "Password" /root/run.log && { echo "make run: up after $s s"; kill $runs; wait $runs; exit 0; }
    kill -0 $runs 2>/dev/null || break
done
echo "! make run: $(tail -n 1 /root/run.log)"; kill $runs 2>/dev/null; exit 1'
within "${TEST:-make test} >/root/test.log 2>&1" && ended=0 || ended=$?
echo "make test: $ended, $(tail -n 1 "$ROOT/root/test.log") ($ROOT/root/test.log)"
exit "$ended"
