#!/bin/sh
# Makes the files of tests/files, and golden.json beside them: what ffprobe says of each. Needs ffmpeg and ffprobe (Debian's
# 5.1 with libx264, libx265, libvpx and libaom), mkvmerge and python3. Encoders differ from version to version in single
# bytes; counts and times do not.
set -eu
cd "$(dirname "$0")/files"
make() { ffmpeg -v error -y "$@"; }
plain="-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -threads 1"
x264="-c:v libx264 -preset veryfast -crf 40 -pix_fmt yuv420p -x264-params bframes=3:b-adapt=0:keyint=12:scenecut=0"
vp9="-c:v libvpx-vp9 -b:v 0 -crf 55 -g 12 -cpu-used 8 -row-mt 0"
vp8="-c:v libvpx -b:v 60k -g 12 -auto-alt-ref 0"
film() { echo "testsrc2=size=$1:rate=$2:duration=$3"; }

# B-frames; the track's beginning is moved to zero by an edit list.
make -f lavfi -i "$(film 160x120 24 1)" $x264 $plain bframes.mp4
# The same without a list of edits; with offsets below zero; as a live stream; in fragments of the oldest kind.
make -i bframes.mp4 -c copy -use_editlist 0 $plain no_edits.mp4
make -i bframes.mp4 -c copy -movflags negative_cts_offsets -use_editlist 0 $plain negative.mp4
make -i bframes.mp4 -c copy -movflags frag_keyframe+empty_moov+default_base_moof $plain fragmented.mp4
make -i bframes.mp4 -c copy -movflags dash+delay_moov+frag_keyframe+global_sidx $plain dash.mp4
make -i bframes.mp4 -f lavfi -i "sine=frequency=440:duration=1" -map 0:v -map 1:a -c:v copy -c:a aac -b:a 24k \
  -movflags frag_every_frame+empty_moov+separate_moof $plain fragments_apart.mp4
make -i bframes.mp4 -f lavfi -i "sine=frequency=440:duration=1" -map 0:v -map 1:a -c:v copy -c:a aac -b:a 24k \
  -frag_duration 300000 -movflags empty_moov $plain fragments_old.mp4
# Variable rate with B-frames.
make -f lavfi -i "$(film 160x120 24 1)" -vf "settb=1/90000,setpts=N/24/TB+random(7)*0.03/TB" -vsync passthrough -enc_time_base 1:90000 -video_track_timescale 90000 $x264 $plain vfr.mp4
# Cut without encoding: the pictures before the cut are there to be referred to.
make -f lavfi -i "$(film 160x120 24 2)" $x264 $plain two_seconds.mp4
make -ss 0.75 -i two_seconds.mp4 -c copy $plain cut.mp4
# Sound from the beginning, pictures two seconds later.
make -itsoffset 2 -i bframes.mp4 -f lavfi -i "sine=frequency=440:duration=3.5" -map 0:v -map 1:a -c:v copy -c:a aac -b:a 24k $plain late_picture.mp4
make -itsoffset 2 -i bframes.mp4 -f lavfi -i "sine=frequency=440:duration=3.5" -map 0:v -map 1:a -c:v copy -c:a libopus -b:a 24k $plain late_picture.mkv
# Rates that are no whole numbers, and high ones.
make -f lavfi -i "$(film 96x64 24000/1001 1)" $x264 $plain rate_23976.mp4
make -f lavfi -i "$(film 96x64 240 0.5)" $x264 $plain rate_240.mp4
make -f lavfi -i "$(film 96x64 30000/1001 1)" $vp9 $plain rate_2997.webm
# Turned with the clock, as telephones write it (this ffmpeg counts against it).
for degrees in 90 180 270; do make -i bframes.mp4 -c copy -metadata:s:v rotate=$((360 - degrees)) $plain turned_$degrees.mp4; done
make -i bframes.mp4 -c copy -metadata:s:v rotate=270 $plain turned.mov
# Pixels that are not square.
make -f lavfi -i "$(film 160x120 24 0.5)" -vf setsar=16/11 $x264 $plain wide_pixels.mp4
make -f lavfi -i "$(film 160x120 24 0.5)" -vf setsar=16/11 $vp9 $plain wide_pixels.webm
# Several tracks: sound first, then two of pictures; a cover.
make -f lavfi -i "sine=frequency=440:duration=1" -i bframes.mp4 -i rate_23976.mp4 -map 0:a -map 1:v -map 2:v -c:a aac -b:a 24k -c:v copy $plain several.mp4
make -f lavfi -i "$(film 64x64 1 1)" -frames:v 1 cover.jpg
make -i bframes.mp4 -i cover.jpg -map 0 -map 1 -c copy -disposition:v:1 attached_pic $plain cover.mp4
# Other codings.
make -f lavfi -i "$(film 160x120 24 0.5)" -c:v libx265 -preset ultrafast -crf 40 -x265-params log-level=error:pools=1:keyint=12 -tag:v hvc1 $plain hevc.mp4
make -i hevc.mp4 -c copy $plain hevc.mkv
make -f lavfi -i "$(film 160x120 24 0.5)" -c:v libaom-av1 -cpu-used 8 -crf 60 -b:v 0 -g 12 $plain av1.mp4
make -i av1.mp4 -c copy $plain av1.webm
make -f lavfi -i "$(film 160x120 24 1)" $vp9 $plain vp9.webm
make -f lavfi -i "$(film 160x120 24 0.5)" -pix_fmt yuv420p10le -profile:v 2 $vp9 $plain vp9_10bit.webm
make -i vp9.webm -c copy $plain vp9.mp4
make -f lavfi -i "$(film 160x120 24 1)" $vp8 $plain vp8.webm
# Frames of VP8 that are only referred to: packets that no picture comes of.
make -f lavfi -i "$(film 160x120 24 2)" -c:v libvpx -b:v 60k -g 48 -auto-alt-ref 1 -lag-in-frames 12 -arnr-maxframes 5 $plain vp8_hidden.webm
make -i bframes.mp4 -c copy $plain h264.mkv
mkvmerge -q --deterministic 1 -o merged.mkv bframes.mp4
mkvmerge -q --deterministic 1 --engage no_simpleblocks -o groups.mkv vp8.webm
# A clock that starts late, and no length: a live stream.
make -i vp9.webm -c copy -output_ts_offset 100 -f webm $plain pipe:1 > late_clock.webm
# A pause of four seconds.
printf "file vp9.webm\nduration 5\nfile vp9.webm\n" > list.txt
make -f concat -i list.txt -c copy $plain pause.webm
# Another size from the middle on.
make -f lavfi -i "$(film 320x240 24 1)" $vp9 $plain larger.webm
printf "file vp9.webm\nfile larger.webm\n" > list.txt
make -f concat -i list.txt -c copy $plain two_sizes.webm
# Only sound.
make -f lavfi -i "sine=frequency=440:duration=1" -c:a aac -b:a 24k $plain sound.mp4
make -f lavfi -i "sine=frequency=440:duration=1" -c:a libopus -b:a 24k $plain sound.webm
make -i bframes.mp4 -c copy -movflags +faststart $plain index_first.mp4
make -f lavfi -i "$(film 160x120 24 3)" $vp9 -cluster_time_limit 500 $plain clusters.webm
rm -f list.txt larger.webm cover.jpg
python3 ../spoil.py

python3 ../golden.py
