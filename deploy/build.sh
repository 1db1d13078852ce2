#!/bin/sh
# Installs the product into a folder: the locked packages by their hashes, then this checkout as a wheel.
#
#     deploy/build.sh PREFIX            PREFIX/bin/quiet runs; nothing of the checkout is needed any more
#     PYTHON=python3.13 deploy/build.sh PREFIX
#
# The image is made by it (Dockerfile), the continuous check runs it without one (deploy/check.sh), and so can you.
# Which index packages come from, or that there is none, is pip's own configuration (PIP_INDEX_URL, PIP_FIND_LINKS …).
set -eu

prefix=${1:?"Say where to: deploy/build.sh PREFIX"}
python=${PYTHON:-python3}
source=$(cd "$(dirname "$0")/.." && pwd)
if [ -e "$prefix" ]; then
  echo "$prefix is there already; name a folder that is not." >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1

# What runs gets no installer: that of the environment which builds works for both.
"$python" -m venv "$work/build"
"$python" -m venv --without-pip "$prefix"
pip() { # for which environment, and what to do
  target=$1
  shift
  "$work/build/bin/python" -m pip --python "$target/bin/python" install --quiet --no-deps --no-compile "$@"
}

# Only wheels, as building a package runs what its authors wrote.
pip "$work/build" --require-hashes --only-binary :all: -r "$source/deploy/requirements-build.lock"
(cd "$source" && "$work/build/bin/python" -m hatchling build -t wheel -d "$work/wheel" >/dev/null)
pip "$prefix" --require-hashes --only-binary :all: -r "$source/deploy/requirements.lock"
pip "$prefix" --no-index "$work"/wheel/*.whl
# Where nothing can be written, nothing can be compiled later.
"$prefix/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$prefix/lib" >/dev/null || true
echo "Installed $("$prefix/bin/quiet" --version) in $prefix."
