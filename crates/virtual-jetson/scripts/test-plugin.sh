#!/bin/sh
# Runs the session tests through the distribution's own libv4l2, with the virtual Jetson as one of its plugins.
# Needs root (to put a link among the plugins) and libv4l2 (Debian and Ubuntu: libv4l-0).
set -eu
cd "$(dirname "$0")/.."

# As a part of the workspace, whose builds of its dependencies are here already: alone they would have other features.
cargo test --locked --workspace --test device --no-run
library=$(find "$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/deps" \
    -name libvirtual_jetson.so)
real=$(ldconfig -p | sed -n 's/.*libv4l2\.so\.0 .*=> //p' | head -n 1)
if [ -z "$real" ]; then
    echo "libv4l2.so.0 is not installed (Debian and Ubuntu: apt-get install libv4l-0)" >&2
    exit 1
fi
plugin="$(dirname "$real")/libv4l/plugins/aa_virtual_jetson.so"

trap 'rm -f "$plugin"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$(dirname "$plugin")"
ln -sf "$library" "$plugin"
echo "through $real, as $plugin:"
VIRTUAL_JETSON_TEST_LIBV4L2="$real" cargo test --locked --workspace --test device -- encoding:: ends::frames ends::the_ pace::
