#!/bin/sh
# usage: build.sh
# Builds the stand-in for hashicorp/null into the user's cache folder, as a mirror that Terraform reads, and prints the path of a
# configuration for TF_CLI_CONFIG_FILE. Exit 3: not possible here (no Go); the caller skips or refuses.
set -eu
cd "$(dirname "$0")"
say() { printf '%s\n' "$*" >&2; }

if ! command -v go >/dev/null 2>&1; then
  say 'null-provider: Go is not installed (1.24 or later is needed)'
  exit 3
fi
version=$(go env GOVERSION)
minor=${version#go1.}
minor=${minor%%[!0-9]*}
if [ "${minor:-0}" -lt 24 ]; then
  say "null-provider: $version is too old, 1.24 or later is needed"
  exit 3
fi

# The folder is named by the digest of the sources, so that another version never uses an old program.
digest=$(cat main.go go.mod go.sum | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-16)
home="${XDG_CACHE_HOME:-$HOME/.cache}/cpanel-edge/null-provider/$digest"
within="hashicorp/null/3.2.4/$(go env GOOS)_$(go env GOARCH)"
name=terraform-provider-null_v3.2.4_x5
folder="$home/mirror/registry.terraform.io/$within"
program="$folder/$name"
if [ ! -x "$program" ]; then
  say "null-provider: building with $version into $home"
  mkdir -p "$folder"
  CGO_ENABLED=0 go build -trimpath -buildvcs=false -mod=readonly -ldflags='-s -w' -o "$home/new.$$" . >&2
  mv "$home/new.$$" "$program"
fi
# OpenTofu asks its own registry for a provider that names none.
for_tofu="$home/mirror/registry.opentofu.org/$within"
if [ ! -x "$for_tofu/$name" ]; then
  mkdir -p "$for_tofu"
  cp "$program" "$for_tofu/new.$$"
  mv "$for_tofu/new.$$" "$for_tofu/$name"
fi
# Only this mirror is allowed: an init that needs anything else fails at once instead of asking a registry.
cat >"$home/terraform.rc.$$" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$home/mirror"
  }
}
END
mv "$home/terraform.rc.$$" "$home/terraform.rc"
printf '%s\n' "$home/terraform.rc"
