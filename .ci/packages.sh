# shellcheck shell=bash disable=SC2034
# Debian packages that the build and the checks need; sourced by ./check and ./demo.
#
#   mrv_install_packages build           what configuring, building and testing needs
#   mrv_install_packages build check     also the clang 19 tools of ./check
#
# Installs only what is missing, as root or through sudo, and does nothing at all when nothing is
# missing. Boost 1.81 replaces Debian's default 1.74 headers, with which it cannot be co-installed.

mrv_packages_build="librocksdb-dev libsodium-dev libssl-dev libboost1.81-dev nlohmann-json3-dev
  doctest-dev libcli11-dev libtomlplusplus-dev libspdlog-dev libgeos-dev ninja-build cmake g++
  pkg-config ccache mold git python3 python3-jsonschema"
mrv_packages_check="clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev"

mrv_package_present() {
  case "$1" in
    ninja-build) command -v ninja >/dev/null && return 0 ;;
    # `pkg-config` may be provided by pkgconf; a tool in PATH is as good as its package.
    cmake | g++ | pkg-config | ccache | mold | git | python3 | clang-*)
      command -v "$1" >/dev/null && return 0 ;;
  esac
  command -v dpkg-query >/dev/null || return 1
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

mrv_install_packages() {
  local group package missing="" as_root=""
  for group in "$@"; do
    local list="mrv_packages_$group"
    for package in ${!list}; do
      mrv_package_present "$package" || missing="$missing $package"
    done
  done
  [ -z "$missing" ] && return 0
  echo "installing:$missing"
  if ! command -v apt-get >/dev/null; then
    echo "no apt-get here: please install these packages (Debian names) yourself" >&2
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "neither root nor sudo: please install these packages yourself" >&2
      return 1
    fi
    as_root="sudo -n"
    [ -t 2 ] && as_root="sudo"
  fi
  # shellcheck disable=SC2086
  $as_root apt-get update -q &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends $missing
}
