#!/bin/bash
# Runs the linters over the sources and says as TAP which of them is content.
#
#     tools/lint.sh style BUILD-FOLDER        the layout, the style test, the scripts: seconds
#     tools/lint.sh analysis BUILD-FOLDER     clang-tidy and cppcheck: about a minute on two cores
#
# The build folder was configured by meson and has its tools built.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
what=${1:?say style or analysis}
build=${2:?name the build folder}
wrong_on_purpose=tests/harness/samples/bad.c
failed=0

# check NAME COMMAND …: the command's words become diagnostics where it fails; of an analysis, which
# tells at length how it came to each finding, the findings.
check() {
    local name=$1 words
    shift
    if words=$("$@" 2>&1); then
        echo "ok - $name"
    else
        { printf '%s\n' "$words" | grep -E ': (error|warning): ' || printf '%s\n' "$words"; } | sed 's/^/# /'
        echo "not ok - $name"
        failed=1
    fi
}

sources() {
    find src tools tests benches -name '*.[ch]' -not -path '*/corpus/*'
}

scripts() {
    grep -rlI --exclude-dir={build,var,.git,corpus} -m 1 -e '^#!/bin/bash' -e '^#!/bin/sh' \
        -e '^# shellcheck shell=' .
}

format() {
    sources | xargs clang-format --dry-run -Werror
}

# What the build compiles of ours; what it generates is the generators' to keep clean. The list of
# commands is copied without what only gcc knows.
analyse() {
    mkdir -p "$build/lint"
    sed 's/ -fno-reorder-blocks-and-partition//g' "$build/compile_commands.json" \
        >"$build/lint/compile_commands.json"
    sed -n 's#.*"file": "\(\.\./\)*\(.*\)".*#\1 \2#p' "$build/compile_commands.json" | sort -u |
        sed -n 's#^\.\./ ##p' | grep -vF "$wrong_on_purpose" |
        xargs -P 2 -n 4 clang-tidy --quiet -p "$build/lint"
}

# cppcheck 2.10 knows only gcc's word for what does not return; STORIES is the build's.
more_analysis() {
    sources | grep '\.c$' | grep -vF "$wrong_on_purpose" | xargs cppcheck --quiet -j 2 --std=c11 -D_GNU_SOURCE -D'_Noreturn=__attribute__((noreturn))' \
        -D'STORIES="stories"' -Isrc -Itests -Itools \
        --enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
        --suppressions-list=.cppcheck-suppressions
}

shell() {
    scripts | xargs shellcheck
}

style() {
    check clang-format format
    check shellcheck shell
    "$build/tools/tidy" --tap . | sed '/^1\.\./d; s/^\(not \)*ok [0-9]* -/\1ok - tidy:/' || failed=1
}

analysis() {
    check clang-tidy analyse
    check cppcheck more_analysis
}

case $what in
style | analysis) "$what" ;;
*) echo "not ok - there is nothing called $what here" && exit 2 ;;
esac
exit $failed
