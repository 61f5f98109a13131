# The checks of .ci/run that are no script of their own, and how its parts run together. For it to source.

before=$(git status --porcelain)

# built_with VALUE: what a plain build prints, without the name of the folder that it is built in.
built_with() {
  local output
  output=$(V4L2_ENCODER_FORCE_JETSON=$1 cargo build --locked 2>&1) || {
    echo "$output" >&2
    return 1
  }
  echo "${output//"$PWD"/}"
}

build_names_a_jetson() {
  local output
  output=$(built_with 1) || return
  echo "$output"
  grep -qF 'Building with V4L2 encoder support for Jetson' <<<"$output"
}

build_names_no_jetson() {
  local output
  output=$(built_with 0) || return
  echo "$output"
  ! grep -qi jetson <<<"$output"
}

# builds_with_headers VERSION KERNEL: the V4L2 crate builds with the kernel headers that this release of Zig carries.
builds_with_headers() {
  local headers found
  headers=$PWD/$(scripts/kernel-headers "$1")/any-linux-any || return
  found=$(awk '$2 == "LINUX_VERSION_CODE" { print int($3 / 65536) "." int($3 / 256) % 256 }' "$headers/linux/version.h")
  echo "headers of Linux $found"
  [[ $found == "$2" ]] || return
  export CARGO_TARGET_DIR=$PWD/.cache/headers/target BINDGEN_EXTRA_CLANG_ARGS=-I$headers
  cargo clean --package v4l2r && cargo check --locked --package v4l2-device
}

# What a Rust program can depend on; that it builds, the other suites show.
crates_can_be_packed() {
  export CARGO_TARGET_DIR=$PWD/.cache/crates
  cargo package --locked --allow-dirty --no-verify --package v4l2-bitstream --package v4l2-convert --package v4l2-device \
    --package v4l2-camera --package v4l2-encoder || return
  local name
  for name in v4l2-bitstream v4l2-convert v4l2-device v4l2-camera v4l2-encoder; do
    tar --list --file "$CARGO_TARGET_DIR/package/$name"-[0-9]*.crate | grep -E '/(README.md|src/lib.rs)$' || return
  done
  tar --list --file "$CARGO_TARGET_DIR/package/v4l2-device"-[0-9]*.crate | grep uapi/linux/videodev2.h
}

package_has_only_what_it_needs() {
  npm pack --dry-run --json >.cache/pack.json || return
  node -e '
    const [{ files, size }] = Object.values(JSON.parse(require("node:fs").readFileSync(".cache/pack.json", "utf8")))
    const paths = files.map(({ path }) => path)
    const others = paths.filter((path) => !/^(dist\/(chunks\/[a-z0-9-]+|cli\/main|doctor\/probe)\.js|dist\/((device|metadata)\/)?index\.(js|cjs|d\.ts|d\.cts)|dist\/THIRD-PARTY-NOTICES\.txt|README\.md|LICENSE|package\.json)$/.test(path))
    const missing = ["js", "d.ts", "cjs", "d.cts"].flatMap((end) => [`dist/index.${end}`, `dist/device/index.${end}`, `dist/metadata/index.${end}`])
      .concat("dist/cli/main.js", "dist/doctor/probe.js", "dist/THIRD-PARTY-NOTICES.txt", "README.md", "LICENSE", "package.json")
      .filter((path) => !paths.includes(path))
    console.log(`${paths.length} files, ${size} bytes; not wanted: ${others.join(" ") || "none"}; missing: ${missing.join(" ") || "none"}`)
    process.exit(others.length + missing.length > 0 ? 1 : 0)'
}

# Clones are built elsewhere: no registry and no folder of one machine has a place in the repository. Cargo.lock names
# the index of crates.io by its canonical address, whatever it is fetched from.
names_no_machine() {
  local registry hosts paths
  registry=$(npm config get registry 2>/dev/null)
  hosts="registry\.(npmjs|yarnpkg)\.|(static|index)\.crates\.io|pypi\.org|files\.pythonhosted"
  [[ $registry != *://* ]] || hosts+="|$(cut -d / -f 3 <<<"$registry" | sed 's/[.[]/\\&/g')"
  paths="(^|[^[:alnum:]_.~/-])/(home|root|work|Users)/[[:alnum:]]"
  ! grep '"resolved"' package-lock.json && ! git grep --line-number --extended-regexp -I "$hosts|$paths" -- ':!LICENSE'
}

# demo_leaves FILE CODEC ARGUMENT…
demo_leaves() {
  npm run demo -- "${@:3}" || return
  ffmpeg -v error -xerror -i "$1" -f null - || return
  [[ $(ffprobe -v error -count_frames -show_entries stream=codec_name,nb_read_frames -of csv=p=0 "$1") == "$2,150" ]]
}

nothing_changed() {
  local after
  after=$(git status --porcelain)
  diff <(echo "$before") <(echo "$after")
}

# changed PATH…: whether they differ from the commit that CI_BASE names, or else from the last one. Where that is not here, as
# in a shallow clone, everything has changed.
changed() {
  local base=${CI_BASE:-HEAD^}
  git rev-parse --verify --quiet "$base^{commit}" >/dev/null || return 0
  ! git diff --quiet "$base" -- "$@"
}

# part NAME: this script once more, with its own logs and sums.
part() { CI_RUN_PART=yes .ci/run "$1"; }

# lane PART…: in the background, one after the other. What they print, and how long each took, is in files.
lane() {
  local name begun
  for name in "$@"; do
    begun=$EPOCHREALTIME
    part "$name" </dev/null >"$logs/$name.out" 2>&1
    awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }' >"$logs/$name.log.seconds"
    : >"$logs/$name.done"
  done
}
printed() {
  until [[ -e $logs/$1.done ]]; do
    kill -0 "$background" 2>/dev/null || [[ -e $logs/$1.done ]] || return
    sleep 1
  done
  cat "$logs/$1.out"
}

# in_lanes PART…: fast has the machine to itself, as its specifications measure times. After it the virtual machines,
# which when emulated use little more than one processor, run beside the rest, whose long steps are the linker's, on
# one as well. They meet in scripts/setup and in Cargo, which let in one at a time.
in_lanes() {
  local name virtual=() others=()
  for name in "$@"; do
    case $name in
      fast) suite fast suites part fast ;;
      vm | arm64 | machine) virtual+=("$name") ;;
      *) others+=("$name") ;;
    esac
  done
  rm -f "$logs"/*.done "$logs"/*.seconds
  lane "${virtual[@]}" &
  background=$!
  trap 'kill "$background" 2>/dev/null' EXIT
  for name in "${others[@]}"; do suite "$name" suites part "$name"; done
  for name in "${virtual[@]}"; do suite "$name" suites printed "$name"; done
  wait "$background"
  trap - EXIT
}
