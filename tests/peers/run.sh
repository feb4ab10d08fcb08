#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh SCRIPT ARGUMENTS...: a check against other packages, in the environment that `make peers` sets up from
# cmake/peers.txt. Without it the check is skipped, visibly: CTest reads the exit code 77.
python="$(dirname "$0")/../../.venv-peers/bin/python"
if [ ! -x "$python" ]; then
  echo 'skipped: run `make peers` first'
  exit 77
fi
exec "$python" "$@"
