#!/bin/sh
# Makes the test videos from ../pictures/astronaut.jpg. Needs ffmpeg (Debian's, 5.1, with libvpx, libx264 and libx265).
# Encoders differ from version to version in single bytes; what the tests look for does not.
set -eu
cd "$(dirname "$0")"
picture=../pictures/astronaut.jpg
make() { ffmpeg -v error -y "$@"; }
# Nothing of the machine or of the day goes into a file.
plain="-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -threads 1"
wall="color=0x968e82:size=320x240"
head="scale=320:320,crop=150:150:75:0"

# moving.webm: 40 frames, 10 a second. In frame n her head stands 4 n pixels from the left: each frame has a place of its own.
make -f lavfi -i "$wall:rate=10:duration=4" -loop 1 -framerate 10 -t 4 -i $picture -filter_complex \
  "[1]$head[h];[0][h]overlay=x='4*n':y=60" -frames:v 40 -c:v libvpx-vp9 -b:v 0 -crf 34 -g 10 $plain moving.webm

# moving.mp4: the same at 30 frames a second (n counts tenths of a second), with sound that lasts half a second longer.
make -f lavfi -i "$wall:rate=30:duration=4" -loop 1 -framerate 30 -t 4 -i $picture -f lavfi -i "sine=frequency=440:duration=4.5" \
  -filter_complex "[1]$head[h];[0][h]overlay=x='4*floor(n/3)':y=60" -c:v libx264 -crf 30 -g 30 -pix_fmt yuv420p \
  -c:a aac -b:a 24k $plain moving.mp4

# two.webm: her head and its mirror image, the second one only in the second half.
make -f lavfi -i "$wall:rate=10:duration=3" -loop 1 -framerate 10 -t 3 -i $picture -filter_complex \
  "[1]$head,split[a][b];[b]hflip,scale=120:120[c];[0][a]overlay=0:60[d];[d][c]overlay=x=190:y=70:enable='gte(n,15)'" \
  -frames:v 30 -c:v libvpx-vp9 -b:v 0 -crf 36 -g 10 $plain two.webm

# long.webm: a minute with a head that goes to and fro.
make -f lavfi -i "$wall:rate=10:duration=60" -loop 1 -framerate 10 -t 60 -i $picture -filter_complex \
  "[1]$head[h];[0][h]overlay=x='80+70*sin(n/20)':y=60" -c:v libvpx-vp9 -b:v 0 -crf 44 -g 50 $plain long.webm

# vga.mp4: 640 x 480 at 30 frames a second for 20 s, a key frame every two seconds: what the speed is measured with.
make -f lavfi -i "color=0x968e82:size=640x480:rate=30:duration=20" -loop 1 -framerate 30 -t 20 -i $picture -filter_complex \
  "[1]scale=640:640,crop=300:300:150:0[h];[0][h]overlay=x='170+100*sin(t)':y=120" -c:v libx264 -crf 32 -g 60 -pix_fmt yuv420p $plain vga.mp4

# wall.webm: no face.
make -f lavfi -i "$wall:rate=10:duration=2" -frames:v 20 -c:v libvpx-vp9 -b:v 0 -crf 40 $plain wall.webm

# endless.webm: as a browser records it, without a length in its head.
make -i moving.webm -t 2 -c copy -map_metadata -1 -fflags +bitexact -f webm -live 1 pipe:1 > endless.webm

# damaged.mp4: moving.mp4 without its sound; the middle fifth of its picture data is overwritten.
make -i moving.mp4 -an -c copy -movflags +faststart -map_metadata -1 -fflags +bitexact damaged.mp4
python3 - <<'PYTHON'
data = bytearray(open("damaged.mp4", "rb").read())
begin = data.index(b"mdat") + 4
length = len(data) - begin
for at in range(begin + length * 2 // 5, begin + length * 3 // 5):
    data[at] = 0
open("damaged.mp4", "wb").write(data)
PYTHON

# foreign.mp4: HEVC, which Debian's Chromium does not play.
make -i moving.webm -t 1 -c:v libx265 -x265-params log-level=error:pools=1 -tag:v hvc1 $plain foreign.mp4

# coloured.webm, coloured.mp4: BT.709 in a small picture, said by the container; the second with all of 0 to 255.
bt709="-colorspace bt709 -color_primaries bt709 -color_trc bt709"
said="colorspace=bt709:color_primaries=bt709:color_trc=bt709"
make -i moving.webm -t 2 -vf "setparams=$said:range=tv" $bt709 -color_range tv \
  -c:v libvpx -b:v 200k -crf 30 -g 10 $plain coloured.webm
make -i moving.webm -t 2 -vf "scale=out_color_matrix=bt709:out_range=pc,setparams=$said:range=pc" $bt709 -color_range pc \
  -c:v libx264 -crf 30 -g 10 -pix_fmt yuvj420p $plain coloured.mp4
