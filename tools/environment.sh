#!/usr/bin/env bash
# Makes .venv from a lock file: `tools/environment.sh requirements-dev.lock [PYTHON]`. Quick when nothing has changed.
#
# PYTHON, if given, is the Python to use; otherwise the first of python3.11, 3.12, 3.13 and python3 that is new enough.
set -euo pipefail
lock=$1 wanted=${2:-}
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
version='import sys; print("%d.%d" % sys.version_info[:2])'

choose_python() {
  for candidate in ${wanted:+"$wanted"} python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c "$supported" 2>/dev/null; then echo "$candidate"; return; fi
    [ -z "$wanted" ] || break
  done
  found=$("${wanted:-python3}" -c "$version" 2>/dev/null || true)
  echo "Frontdesk needs Python 3.11, 3.12 or 3.13; ${wanted:-python3} is ${found:-not installed}." \
       "Install one (Debian: sudo apt-get install -y python3 python3-venv), or name it: make env SYSTEM_PYTHON=/path/to/python3.12" >&2
  exit 1
}

# A broken .venv, one of a Python that is not supported and one of another Python than was asked for are made again.
is_usable() {
  .venv/bin/python -c "$supported" 2>/dev/null || return 1
  [ -z "$wanted" ] || [ "$(.venv/bin/python -c "$version")" = "$("$wanted" -c "$version")" ]
}

# How much has arrived, so that minutes of silence do not look like a standstill.
report_size() {
  while sleep 15; do echo "  $(du -sm .venv 2>/dev/null | cut -f1) MB so far"; done
}

[ -z "$wanted" ] || choose_python >/dev/null
stamp=.venv/.$lock.stamp
sum=$(cat "$lock" pyproject.toml | sha256sum | cut -c1-16)
is_usable && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && exit 0
if ! is_usable; then
  python=$(choose_python)
  [ ! -e .venv ] || echo "Removing .venv: its Python is another one"
  rm -rf .venv
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv .venv
fi

echo "Installing $lock: about 1.3 GB the first time, 2 to 5 minutes"
report_size & progress=$!
trap 'kill $progress 2>/dev/null' EXIT
pip=(.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes)
[ -x .venv/bin/uv ] || "${pip[@]}" -r requirements-uv.lock
# The machine's own certificates where it has some: a company's proxy signs with its own.
uv=(.venv/bin/uv)
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || uv+=(--system-certs)
uv+=(pip install -q --python .venv/bin/python)
# Bytecode is compiled once here: otherwise a dozen processes compile the same modules at the first start, and keep the
# memory that takes.
"${uv[@]}" --require-hashes --compile-bytecode -r "$lock" || {
  echo "Trying again with pip, which knows this machine's own settings"
  "${pip[@]}" -r "$lock"
}
"${uv[@]}" --no-deps --no-build-isolation -e .
echo "$sum" > "$stamp"
