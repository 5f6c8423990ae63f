# shellcheck shell=bash
# What the front doors (run, test, bench) share: installing what is missing, building, and saying in one
# sentence what went wrong. To be sourced from the project's folder.

# Where the packages are listed.
doors_packages=tools/packages.tbl

# die SENTENCE: the one way out of a mistake.
die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# The packages that this door needs and the machine lacks, a line each: "package why".
missing_packages() {
    local package door command why present
    present=$(dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' 2>/dev/null | sed -n 's/^ii *//p' | sed 's/:.*//')
    grep -v -e '^#' -e '^$' "$doors_packages" | while read -r package door command why; do
        [ "$door" = "$1" ] || continue
        [ "$command" != - ] && command -v "$command" >/dev/null && continue
        grep -qxF "$package" <<<"$present" || echo "$package $why"
    done
}

# need DOOR: installs what the door needs, saying what and why.
need() {
    local missing packages as_root=()
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    packages=$(cut -d' ' -f1 <<<"$missing" | tr '\n' ' ')
    command -v apt-get >/dev/null ||
        die "these packages are missing, and there is no apt-get to install them with: $packages"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "these packages are missing; install them as root, then start this again: apt-get install $packages"
        as_root=(sudo)
    fi
    echo "Installing what is missing:"
    while read -r package why; do printf '  %-16s %s\n' "$package" "$why"; done <<<"$missing"
    mkdir -p var || die "the folder var cannot be made here; give this folder to this user"
    # The list of packages may be old or empty: it is fetched anew.
    # shellcheck disable=SC2086  # a list of words
    { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages; } \
        >var/install.log 2>&1 ||
        die "apt-get could not install them; var/install.log says why. The last of it: $(grep -v '^$' var/install.log | tail -n 1)"
}

# build FOLDER [MESON-OPTION …] [-- TARGET …]: builds there; an up-to-date folder costs some milliseconds.
build() {
    local folder=$1 options=() free
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# -gt 0 ] && shift
    mkdir -p "$folder" var 2>/dev/null ||
        die "the folder $folder cannot be made here; give $(pwd) to this user, or copy it to a folder of theirs"
    [ -w "$folder" ] || die "the folder $folder cannot be written; give it to this user: chown -R $(id -un) $folder"
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/options" 2>/dev/null)" != "${options[*]}" ]; then
        free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
        [ "$free" -ge 200 ] ||
            die "only $free MiB are free on the disk of $folder and a build needs 200; free some space"
        rm -rf "$folder/meson-private" "$folder/meson-info" "$folder/options"
        { meson setup "$folder" "${options[@]}" && echo "${options[*]}" >"$folder/options"; } >"$folder/build.log" 2>&1 ||
            die "meson could not set the build up; $folder/build.log says why. The last of it: $(tail -n 1 "$folder/build.log")"
    fi
    ninja -C "$folder" "$@" >"$folder/build.log" 2>&1 || {
        grep -E 'error|FAILED|undefined|multiple|:[0-9]+: ' "$folder/build.log" | grep -v -- ' -Wall ' | head -n 20 >&2
        die "the build failed; $folder/build.log has all of it"
    }
}
