# Builds for Linux with glibc 2.28 on ARM64 and x86-64, the same on every machine. For other scripts to source:
#
#   TRIPLES[NAME]              the Rust target of linux-arm64-gnu and linux-x64-gnu
#   cross NAME ARGUMENT…       cargo build with these arguments, for that target; with Cargo's profile PROFILE (default: packed)

declare -A TRIPLES=([linux-arm64-gnu]=aarch64-unknown-linux-gnu [linux-x64-gnu]=x86_64-unknown-linux-gnu)

export PATH=$PWD/.cache/package/zig/bin:$PATH CARGO_TARGET_DIR=$PWD/.cache/package/target

# The user's own Rust where it has both standard libraries, else Debian's.
for RUSTC in rustc /usr/bin/rustc; do
  [[ ! -d $("$RUSTC" --print sysroot 2>/dev/null)/lib/rustlib/aarch64-unknown-linux-gnu/lib ]] || break
done
export RUSTC

# Not the folders of this machine, which panics would name and which would make every machine's build another one.
export RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo --remap-path-prefix=$PWD=/v4l2-encoder"

# What build.rs finds on this machine says nothing about the others.
export V4L2_ENCODER_FORCE_JETSON=0

# bindgen gets the headers of Zig, so that the machine's do not matter; by paths that hold only if they are absolute,
# which they are outside the folder above Zig.
cross() (
  cd crates/node && cargo zigbuild --locked --profile "${PROFILE:-packed}" --target "${TRIPLES[$1]}.${GLIBC:-2.28}" "${@:2}"
)
