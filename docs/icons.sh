#!/bin/sh
# Makes the icons of public/ out of public/icon.svg, with Firefox as the painter: `sh docs/icons.sh`.
#
# A system cuts an icon to its own shape, so the ground fills the whole square; in the "maskable" one the drawing keeps
# to the middle 80 %, which every shape leaves. The drawing is ours, under the licence of the code.
set -eu
public="$(cd "$(dirname "$0")/../public" && pwd)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

paint() { # file, pixels, share of the square that the drawing fills in per cent
  drawing="$(sed -e 's/ rx="7"//' "$public/icon.svg")"
  cat > "$folder/icon.html" <<HTML
<!doctype html><style>
body { margin: 0; background: #17507f; display: grid; place-items: center; height: ${2}px }
svg { width: $3%; display: block }
</style>$drawing
HTML
  firefox-esr --headless --no-remote --profile "$folder" --window-size="$2,$2" --screenshot "$public/$1" \
    "file://$folder/icon.html"
}

paint icon-192.png 192 100
paint icon-512.png 512 100
paint icon-maskable.png 512 76
