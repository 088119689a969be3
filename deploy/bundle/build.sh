#!/bin/sh
# Writes into dist/ an archive with its own Python for Linux hosts of this processor, and for each Python in PYTHONS one of
# wheels for hosts that have it (Linux and Windows, x86-64). Needs Debian's apt and the network; what it writes needs neither.
set -eu
umask 022
cd "$(dirname "$0")/../.."
bin=$PWD/.venv/bin
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p dist
moment=$(git log -1 --format=%ct)

# A new archive's folder, with what stands in each.
start() {
    folder=$work/$1
    mkdir -p "$folder"
    echo "$version" >"$folder/VERSION"
    cp LICENSE CHANGELOG.md deploy/bundle/rectify deploy/bundle/rectify.service deploy/bundle/*.sh "$folder/"
    rm "$folder/build.sh"
    mkdir -p "$folder/说明/images"
    for guide in install:安装 update:升级 backup:备份与恢复 move:换服务器 questions:常见问题 admin:系统管理员; do
        as_page "docs/guide/${guide%:*}.md" >"$folder/说明/${guide#*:}.html"
    done
}

# A guide as a page for a browser beside the archive, before there is a board; its pictures go along.
as_page() {
    grep -o '\.\./images/[^)]*' "$1" | while read -r picture; do cp "docs/guide/$picture" "$folder/说明/images/"; done
    echo '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>body { max-width: 52em; margin: 2em auto; padding: 0 1em; line-height: 1.7 }'
    echo 'img { max-width: 100%; border: 1px solid #ccc } pre { padding: 1em; background: #f0f0f0; overflow: auto } td, th { padding: 2px 8px; border: 1px solid #ccc }</style>'
    "$bin/python" -c 'import sys; from markdown_it import MarkdownIt as Reader
print(Reader("commonmark", {"html": False}).enable("table").render(sys.stdin.read()))' <"$1" | sed 's#\.\./images/#images/#g
        s#"install\.md"#"安装.html"#g; s#"update\.md"#"升级.html"#g; s#"backup\.md"#"备份与恢复.html"#g
        s#"move\.md"#"换服务器.html"#g; s#"questions\.md"#"常见问题.html"#g; s#"admin\.md"#"系统管理员.html"#g'
}

# The folder as dist/NAME.KIND, with the checksums of its files inside and its own beside it.
pack() {
    find "$folder" -exec touch -h -d "@$moment" {} +
    (cd "$folder" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$work/sums"
    mv "$work/sums" "$folder/SHA256SUMS"
    name=$(basename "$folder")
    case $1 in
    tar.gz) tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$moment" -c "$name" | gzip -n >"dist/$name.$1" ;;
    zip) (cd "$work" && "$bin/python" -m zipfile -c "$OLDPWD/dist/$name.$1" "$name") ;;
    esac
    (cd dist && sha256sum "$name.$1" >"$name.$1.sha256" && ls -sh "$name.$1")
    rm -rf "$folder"
}

"$bin/uv" export --frozen --no-dev --no-emit-project --no-header --quiet --format requirements-txt >"$work/locked.txt"
"$bin/uv" build --wheel --quiet --out-dir "$work/own"

# Debian's Python and its libraries, as if this machine had no package at all; of each package what Python loads.
mkdir -p "$work/debs/partial" "$work/debian"
: >"$work/status"
apt-get -qq -y -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/debs" -o APT::Sandbox::User=root \
    --no-install-recommends --download-only install python3 libstdc++6
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/debian"; done

start "rectify-$version-linux-$(uname -m)"
program=$folder/program
packages=$program/lib/python3/dist-packages
mkdir -p "$packages" "$program/licences"
cp -R deploy/bundle/bin "$program/"
cp -P "$work"/debian/lib/*-linux-*/*.so* "$work"/debian/usr/lib/*-linux-*/*.so* "$program/lib/"
cp -L "$(find "$work/debian" -name 'ld-linux-*.so.?' | head -n 1)" "$program/lib/rectify-python"
cp "$(find "$work/debian/usr/bin" -name 'python3.*' -type f)" "$program/lib/python"
cp -R "$work"/debian/usr/lib/python3.* "$program/lib/"
(cd "$work/debian/usr/share/doc" && find . -name copyright -exec cp --parents {} "$program/licences" \;)
chmod 755 "$program"/bin/*
install="$bin/uv pip install --quiet --python $program/bin/python --target $packages --only-binary :all:"
$install --require-hashes --requirement "$work/locked.txt"
$install --no-deps "$work"/own/*.whl
mv "$packages/bin/rectify" "$program/lib/rectify"
rm -r "${packages:?}/bin"
find "$program" -name __pycache__ -prune -exec rm -r {} +
"$program/bin/python" -I -B -m compileall -q --invalidation-mode unchecked-hash "$program/lib"
pack tar.gz

# Wheels: what the lock names, for this Python on each system, with its hash.
for python in ${PYTHONS-3.11 3.12 3.13}; do
    start "rectify-$version-python$python"
    echo "$python" >"$folder/PYTHON"
    cp deploy/bundle/*.bat "$folder/"
    mkdir "$folder/wheels"
    cp "$work"/own/*.whl "$folder/wheels/"
    for system in windows linux; do
        list=$folder/wheels/$system.txt
        "$bin/uv" pip compile --quiet --no-deps --generate-hashes --no-annotate --no-header --only-binary :all: \
            --python-platform $system --python-version "$python" --output-file "$list" "$work/locked.txt"
        case $system in
        windows) platforms="--platform win_amd64" ;;
        linux) platforms="--platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64" ;;
        esac
        # shellcheck disable=SC2086
        "$bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: $platforms \
            --implementation cp --python-version "$python" --dest "$folder/wheels" --requirement "$list"
        (cd "$folder/wheels" && sha256sum rectify-*.whl | sed 's|^\(.*\)  \(.*\)$|./\2 --hash=sha256:\1|') >>"$list"
    done
    pack zip
done
