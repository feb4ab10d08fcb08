#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Brings a Debian 12 machine to where Saggio builds. Says one line for what it does, nothing where nothing is missing.
#   cmake/setup.sh WHAT...
# WHAT is a group of Debian packages (build, format, ci) or a Python environment made of wheels:
#   torch   .venv        the LibTorch wheel, for C++ alone: its dependencies are not installed, `import torch` does not work
#   peers   .venv-peers  the packages that tests/peers compares Saggio with
# Exit code 2: something is missing that only the user can provide; the line on stderr says what to type.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

declare -A packages=(
  [build]="g++ cmake ninja-build lld ccache git curl ca-certificates python3 python3-venv
    libfmt-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libsqlite3-dev libssl-dev libexpat1-dev
    libboost-dev libre2-dev libzip-dev pkg-config libgtest-dev libgmock-dev libbenchmark-dev gnuplot-nox fonts-dejavu-core
    libvulkan-dev glslc libstb-dev libcairo2-dev mesa-vulkan-drivers vulkan-validationlayers libglfw3-dev libimgui-dev
    xvfb xdotool"
  [format]="clang-format"
  [ci]="clang-format clang-tidy graphviz texlive-latex-base texlive-latex-recommended"
)
log=build/setup.log  # of the last command

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 2
}

# Runs a command with its output in the log; if it fails, says so with the last line that reads like a reason.
logged() {
  local what=$1 remedy=$2 reason
  shift 2
  if ! "$@" >"$log" 2>&1 </dev/null; then
    reason=$(grep -E '^(E:|ERROR|Error)' "$log" | tail -n 1) || reason=$(tail -n 1 "$log")
    fail "$what failed: ${reason:-no message}; $remedy (all of it: $log)"
  fi
}

missing_packages() {
  local present
  present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p') || true
  comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$present") | paste -sd ' '
}

install_packages() {
  [ "${SAGGIO_SKIP_PACKAGES:-}" = 1 ] && return
  command -v dpkg-query >/dev/null ||
    fail "packages: this is not a Debian system; install the equivalents of: $*, and set SAGGIO_SKIP_PACKAGES=1"
  local missing
  missing=$(missing_packages "$@")
  [ -z "$missing" ] && return
  [ "$(id -u)" = 0 ] || fail "packages are missing; as root, type: apt-get install -y --no-install-recommends $missing"
  echo "setup: installing $(wc -w <<<"$missing") Debian packages: $missing"
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2)
  logged "packages: apt-get update" "is there a network?" "${apt[@]}" update
  # shellcheck disable=SC2086  # the names are words
  logged "packages: apt-get install" "is there a network?" "${apt[@]}" install --no-install-recommends $missing
}

# The wheels are pinned for one Python and one kind of CPU.
find_python() {
  local machine candidate
  machine=$(uname -m)
  [ "$machine" = x86_64 ] ||
    fail "CPU: this is $machine, the pinned LibTorch wheel is for x86_64; 'make core' builds what needs no LibTorch"
  for candidate in python3.11 python3 /usr/bin/python3.11; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || continue
    python=$candidate
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  done
  [ -z "${python:-}" ] ||
    fail "Python: $(command -v "$python") cannot make environments; as root, type: apt-get install -y python3-venv"
  fail "Python: got $(python3 --version 2>/dev/null || echo none), need 3.11 (Debian 12's) for the pinned wheels; put" \
    "python3.11 on PATH, or 'make core' builds what needs no LibTorch"
}

# environment FOLDER REQUIREMENTS [PIP-OPTION...]: a stamp named by what was asked for marks a finished install; anything less
# is made again from nothing. A folder without our mark is somebody else's.
environment() {
  local folder=$1 requirements=$2 stamp
  shift 2
  stamp=$folder/.saggio-$( (echo "$@"; cat "$requirements") | sha256sum | cut -c1-16)
  [ -e "$stamp" ] && [ -x "$folder/bin/python" ] && return
  find_python
  [ ! -e "$folder" ] || [ -e "$folder/.saggio" ] ||
    fail "$folder exists and was not made by cmake/setup.sh; move it away or remove it, then repeat"
  echo "setup: installing $(grep -cE '^[A-Za-z]' "$requirements") wheels of $requirements into $folder"
  rm -rf "$folder"
  mkdir "$folder"
  touch "$folder/.saggio"
  logged "Python: $python -m venv" "is the disk full?" "$python" -m venv "$folder"
  logged "wheels: pip install" "is there a network, and room for 1.5 GB?" "$folder/bin/python" -m pip install --no-input \
    --disable-pip-version-check --no-compile --only-binary :all: --retries 2 "$@" -r "$requirements"
  touch "$stamp"
}

[ $# -gt 0 ] || fail "cmake/setup.sh: nothing asked for, allowed: ${!packages[*]} torch peers"
for what in "$@"; do
  [ -n "${packages[$what]:-}" ] || [[ $what =~ ^(torch|peers)$ ]] ||
    fail "cmake/setup.sh: unknown '$what', allowed: ${!packages[*]} torch peers"
done
mkdir -p build
wanted=()
for what in "$@"; do
  # shellcheck disable=SC2206
  wanted+=(${packages[$what]:-})
done
[ ${#wanted[@]} = 0 ] || install_packages "${wanted[@]}"
for what in "$@"; do
  case $what in
    torch) environment .venv cmake/requirements.txt --no-deps --require-hashes ;;
    peers) environment .venv-peers cmake/peers.txt ;;
  esac
done
