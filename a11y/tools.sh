#!/bin/sh
# Installs the programs that the tests drive, with apt-get where it can; otherwise names what is missing and fails.
set -u

# name | Debian package | a command that succeeds when it is there
tools() {
    cat <<'END'
PostgreSQL server|postgresql|ls /usr/lib/postgresql/*/bin/initdb || command -v initdb
Chromium|chromium|command -v chromium
lynx|lynx|command -v lynx
strace|strace|command -v strace
nginx|nginx-light|command -v nginx || ls /usr/sbin/nginx
Java for the Nu HTML checker|default-jre-headless|java -version
Node.js|nodejs|command -v node
npm|npm|command -v npm
Noto fonts|fonts-noto-core|ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf
DejaVu fonts|fonts-dejavu-core|ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
END
}

# missing COLUMN: that column of every tool that is not there
missing() {
    tools | while IFS='|' read -r name package probe; do
        sh -c "$probe" >/dev/null 2>&1 </dev/null || case $1 in name) echo "$name" ;; package) echo "$package" ;; esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

packages=$(missing package)
[ -z "$packages" ] && exit 0

if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
    echo "Installing what the tests need:" $packages
    as_root apt-get update -qq
    # one by one: a package that this system does not have must not keep the others away
    for package in $packages; do
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$package" >/dev/null
    done
fi

left=$(missing name)
[ -z "$left" ] && exit 0
echo "The tests need these programs, which could not be installed here:" >&2
echo "$left" | sed 's/^/  - /' >&2
echo "On Debian: apt-get install" $(missing package) >&2
exit 1
