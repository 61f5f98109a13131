# Runs suites one after the other, counts their tests and sums them up. For other scripts to source:
#
#   suite NAME KIND COMMAND…   any number of times
#   summary                    prints all and the line "N passed, N failed", and returns whether all is well
#
# KIND says where the counts are: cargo, tap, suites (the last line of a script that uses this file), or gate, which is
# one test that passes when the command succeeds.

passed=0 failed=0 skipped=0 lines=()
logs=.cache/logs/${SUITE_LOGS:-$(basename "$0")}
mkdir -p "$logs"

# In CI a suite that hangs fails; suites of suites have their own limits. On a terminal Ctrl-C does that, and would not
# get past timeout(1).
limit=()
[[ -z ${CI:-} ]] || limit=(timeout --kill-after=10 "${SUITE_SECONDS:-1200}")

# The counts in a log, as "passed failed skipped". A Rust test that another one runs in a process of its own says so
# in its #[ignore = "run by …"], and is not skipped.
counts_of() {
  case $1 in
    gate) echo "$(($3 == 0)) $(($3 != 0)) 0" ;;
    cargo)
      grep -oE 'test result: [A-Za-z]+\. [0-9]+ passed; [0-9]+ failed; [0-9]+ ignored' "$2" |
        awk -v run="$(grep -cE '\.\.\. ignored, run by ' "$2")" \
          '{ passed += $4; failed += $6; ignored += $8 } END { print passed + 0, failed + 0, ignored - run }'
      ;;
    tap)
      awk '/^# (pass|fail|skip) [0-9]+$/ { n[$2] += $3 } END { print n["pass"] + 0, n["fail"] + 0, n["skip"] + 0 }' "$2"
      ;;
    suites) tail -n 1 "$2" | awk '/^[0-9]+ passed, [0-9]+ failed$/ { p = $1; f = $3 } END { print p + 0, f + 0, 0 }' ;;
  esac
}

suite() {
  local name=$1 kind=$2 log status=0 begun=$EPOCHREALTIME p f s line took
  shift 2
  log=$logs/${name//[^a-z0-9]/-}.log
  [[ $kind == suites || $(type -t "$1") != file ]] || set -- "${limit[@]}" "$@"
  if [[ $kind == suites ]]; then
    echo "$name:"
    "$@" </dev/null 2>&1 | tee "$log" | sed --unbuffered 's/^/    /' || status=${PIPESTATUS[0]}
  else
    printf '%-36s' "$name"
    ("$@") </dev/null >"$log" 2>&1 || status=$?
  fi

  read -r p f s < <(counts_of "$kind" "$log" "$status")
  # A crash or a failed build has no count of its own.
  ((status == 0 || f > 0)) || f=1
  ((p + f + s > 0)) || f=1
  # In CI nothing may skip.
  [[ -z ${CI:-} ]] || f=$((f + s))
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))

  line=$(printf '%5d passed %3d failed' "$p" "$f")
  ((s == 0)) || line+=" ($s skipped)"
  # What ran in the background has measured its time itself.
  took=
  [[ ! -e $log.seconds ]] || took=$(<"$log.seconds")
  line+=$(awk -v a="$begun" -v b="$EPOCHREALTIME" -v took="$took" 'BEGIN { printf "  %6.1f s", took ? took : b - a }')
  lines+=("$(printf '%-36s%s' "$name" "$line")")
  if [[ $kind == suites ]]; then echo "${lines[-1]}"; else echo "$line"; fi
  if ((f > 0)) && [[ $kind != suites ]]; then
    sed -E '/^ok [0-9]/d; /^test .* \.\.\. ok$/d; /^ *(Compiling|Checking|Downloaded) /d; s/^/    /' "$log"
    echo "    (exit status $status; also in $log)"
  fi
}

summary() {
  echo
  printf '%s\n' "${lines[@]}"
  ((skipped == 0)) || echo "$skipped skipped"
  echo
  echo "$passed passed, $failed failed"
  ((failed == 0 && passed > 0))
}
