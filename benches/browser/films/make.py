"""Makes the films of the bench: H.264 of 20 s at 30 frames a second, a key frame every two seconds, a face that goes to
and fro. The picture is NASA's portrait of Eileen Collins (tests/pictures), the encoder is ffmpeg of imageio-ffmpeg.

    python make.py PORTRAIT FOLDER
"""

import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg

SECONDS = 20
SIZES = {"640x360": 240, "1280x720": 480}


def make(portrait: Path, film: Path, size: str, face: int) -> None:
    """Writes one film; the head of the portrait is `face` pixels high."""
    head = f"[1]scale={face * 2}:{face * 2},crop={face}:{face}:{face // 2}:0[head]"
    wander = f"[0][head]overlay=x='(W-w)/2*(1+0.7*sin(t))':y=(H-h)/2"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            *["-v", "error", "-y"],
            *["-f", "lavfi", "-i", f"color=0x968e82:size={size}:rate=30:duration={SECONDS}"],
            *["-loop", "1", "-framerate", "30", "-t", str(SECONDS), "-i", str(portrait)],
            # Film grain: a picture without it is decoded faster than any camera's.
            *["-filter_complex", f"{head};{wander},noise=alls=6:allf=t"],
            *["-c:v", "libx264", "-crf", "23", "-g", "60", "-pix_fmt", "yuv420p", "-threads", "1"],
            str(film),
        ],
        check=True,
    )


if __name__ == "__main__":
    portrait, folder = map(Path, sys.argv[1:])
    for size, face in SIZES.items():
        make(portrait, folder / f"{size}.mp4", size, face)
