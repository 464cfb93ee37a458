# Sourced by .ci/run and .ci/check: runs named steps, all of them, and remembers the failures.
steps_report=""
steps_failed=0

step() { # step "name" command...
  local name=$1 began=$SECONDS result
  shift
  printf '\n=== %s\n' "$name"
  if "$@"; then result="ok    "; else result="FAILED"; steps_failed=$((steps_failed + 1)); fi
  steps_report+=$(printf '%s %5d s  %s' "$result" $((SECONDS - began)) "$name")$'\n'
  printf -- '--- %s: %s (%d s)\n' "$name" "$result" $((SECONDS - began))
}

finish() { # prints the table; exits 1 when a step failed
  printf '\n%s' "$steps_report"
  if [ "$steps_failed" -gt 0 ]; then
    printf '%d step(s) failed.\n' "$steps_failed"
    exit 1
  fi
  printf 'All steps passed in %d s.\n' "$SECONDS"
  exit 0
}

retry() { # retry command... : three tries, for the network's sake
  local try
  for try in 1 2 3; do
    "$@" && return 0
    [ "$try" = 3 ] || sleep $((try * 10))
  done
  return 1
}
