"""What ffprobe says of each file, as golden.json: packets in the order of decoding, with exact times. Run by make.sh."""

import json
import os
import subprocess
from fractions import Fraction


def micros(ticks, base):
    """To the nearest microsecond, halves away from zero, as AV_ROUND_NEAR_INF."""
    exact = Fraction(ticks) * Fraction(base) * 1_000_000
    rounded = (abs(exact) * 2 + 1) // 2
    return int(rounded) if exact >= 0 else -int(rounded)


def torn(name, packet):
    """ffprobe gives the last packet of a file that is cut off as far as it is there."""
    return name.startswith("cut_off") and int(packet["pos"]) + int(packet["size"]) >= os.path.getsize(name)


def probe(name):
    command = ["ffprobe", "-v", "quiet", "-of", "json", "-show_streams", "-show_packets", "-show_data_hash", "adler32"]
    said = json.loads(subprocess.run([*command, name], capture_output=True).stdout)
    videos = [
        stream for stream in said.get("streams", [])
        if stream["codec_type"] == "video" and not stream["disposition"]["attached_pic"]
    ]
    if not videos:
        return None
    stream = videos[0]
    rotation = [data["rotation"] for data in stream.get("side_data_list", []) if "rotation" in data]
    frames = ["ffprobe", "-v", "quiet", "-of", "json", "-select_streams", str(stream["index"]), "-show_frames"]
    frames = json.loads(subprocess.run([*frames, name], capture_output=True).stdout).get("frames", [])
    return {
        "codec": stream["codec_name"],
        "size": [stream["width"], stream["height"]],
        "aspect": stream.get("sample_aspect_ratio", "1:1"),
        "rotation": rotation[0] if rotation else 0,
        # Time, key frame, shown, bytes, Adler-32 of the bytes.
        "packets": [
            [
                micros(packet["pts"], stream["time_base"]),
                "K" in packet["flags"],
                "D" not in packet["flags"],
                int(packet["size"]),
                packet["data_hash"].split(":")[1],
            ]
            for packet in said["packets"]
            if packet["stream_index"] == stream["index"] and not torn(name, packet)
        ],
        # Pictures that ffmpeg's own decoder gives, by time.
        "frames": [micros(frame["pts"], stream["time_base"]) for frame in frames if "pts" in frame],
    }


names = sorted(name for name in os.listdir(".") if name.rsplit(".", 1)[-1] in ("mp4", "mov", "webm", "mkv"))
lines = [f"{json.dumps(name)}: {json.dumps(probe(name), separators=(',', ':'))}" for name in names]
open("../golden.json", "w").write("{\n" + ",\n".join(lines) + "\n}\n")
