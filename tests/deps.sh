#!/bin/sh
# deps.sh KIND... - install the Debian packages that are missing.
#
# Kinds: build (compile and link), check (run the tests), lint (analysers),
# ci (make itself). Does nothing when all are there, and asks nothing of the
# network then. It needs no tool beyond a minimal Debian.
#
# SPDX-License-Identifier: ISC

# shellcheck disable=SC2086 # lists of names, to be split at blanks

set -eu

packages=
tools=
for kind in "$@"; do
	case $kind in
	build)
		packages="$packages gcc libc6-dev libssl-dev libtasn1-6-dev \
		    libtasn1-bin libjansson-dev"
		tools="$tools cc asn1Parser" ;;
	check)
		packages="$packages openssl perl"
		tools="$tools openssl prove" ;;
	lint)
		packages="$packages cppcheck shellcheck perl"
		tools="$tools cppcheck shellcheck prove" ;;
	ci)
		packages="$packages make"
		tools="$tools make" ;;
	*)
		echo "deps.sh: no kind of package is called $kind" >&2
		exit 1 ;;
	esac
done

# On another system there are no packages to look up, only their programs.
if ! command -v dpkg-query >/dev/null; then
	absent=
	for tool in $tools; do
		command -v "$tool" >/dev/null || absent="$absent $tool"
	done
	[ -z "$absent" ] && exit 0
	echo "deps.sh: not a Debian system, and these are missing:$absent" >&2
	echo "Install what corresponds to:" $packages >&2
	exit 1
fi

# A package that dpkg does not know is missing: that answer is no error.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages \
    2>/dev/null || true)
missing=
for package in $packages; do
	case "
$installed
" in
	*"
installed $package
"*)	;;
	*)	missing="$missing $package" ;;
	esac
done
[ -z "$missing" ] && exit 0

sudo=
if [ "$(id -u)" -ne 0 ]; then
	sudo=sudo
	if ! command -v sudo >/dev/null; then
		echo "deps.sh: missing packages:$missing" >&2
		echo "Install them as root:" >&2
		echo "    apt-get update && apt-get install$missing" >&2
		exit 1
	fi
fi
echo "installing:$missing"
$sudo apt-get -q update
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    --no-install-recommends install $missing
