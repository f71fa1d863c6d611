#!/usr/bin/env python3
"""Makes the example study's media and its study.json, out of nothing but this script.

    python3 crates/study/example-study/make.py

Needs Python 3.9 and ffmpeg with libvpx and libopus (Debian's 5.1). Encoders differ from version to version in single
bytes: then the hashes in study.json change with the files.
"""
import hashlib
import json
import math
import pathlib
import struct
import subprocess
import tempfile
import wave
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[3] / "public/studies/example"
MEDIA = ROOT / "media"


def png(path, width, height, pixel):
    """An RGB picture, written by hand: no library, no metadata."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def morning(x, y, width=640, height=360):
    """A sun over the sea: flat colours, few of them."""
    horizon = 220
    if (x - 320) ** 2 + (y - horizon) ** 2 < 90 ** 2 and y < horizon:
        return (255, 214, 120)
    if y < horizon:
        band = y // 20
        return (120 + 10 * band, 170 + 4 * band, 225 - 8 * band)
    glitter = abs(x - 320) < 90 - (y - horizon) // 3 and (y // 8) % 2 == 0
    return (245, 205, 130) if glitter else (40, 90 + (y - horizon) // 10 * 2, 140)


WIDTH, HEIGHT, RATE, SECONDS = 320, 180, 15, 6
BOUNCE = 1.5  # seconds from one bounce to the next; at the fourth the ball lands in the box


def frame(index):
    """A ball that bounces four times on its way to a box, and a lid that opens when it is there."""
    time = index / RATE
    phase = (time % BOUNCE) / BOUNCE
    ball_x, ball_y = 30 + 220 * min(time / 5.25, 1), 140 - 100 * 4 * phase * (1 - phase) * (1 - time / 8)
    opened = time > 4.5
    rows = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            if (x - ball_x) ** 2 + (y - ball_y) ** 2 < 14 ** 2 and time < 5.25:
                colour = (225, 70, 60)
            elif y > 153:
                colour = (90, 120, 80)
            elif 232 < x < 284 and 120 < y:
                colour = (150, 100, 60)
            elif 228 < x < 288 and (112 < y <= 120 if not opened else 60 < y <= 68):
                colour = (110, 70, 40)
            elif opened and abs(x - 258) + abs(y - 94) < 22 * (time - 4.5):
                colour = (250, 220, 90)
            else:
                colour = (215, 232, 245)
            rows += bytes(colour)
    return bytes(rows)


def sound(path):
    """A tone at each bounce, three rising ones at the end."""
    rate = 48_000
    tones = [(BOUNCE * n, 330, 0.15) for n in range(1, 4)] + [(4.6, 523, 0.2), (4.85, 659, 0.2), (5.1, 784, 0.5)]
    samples = []
    for n in range(rate * SECONDS):
        time = n / rate
        value = 0.0
        for start, hertz, length in tones:
            if start <= time < start + length:
                value += 0.3 * math.sin(2 * math.pi * hertz * (time - start)) * (1 - (time - start) / length)
        samples.append(int(32_000 * max(-1.0, min(1.0, value))))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def video(path):
    with tempfile.TemporaryDirectory() as folder:
        tone = pathlib.Path(folder) / "sound.wav"
        sound(tone)
        plain = "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -threads 1".split()
        command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}",
                   "-r", str(RATE), "-i", "-", "-i", str(tone), "-c:v", "libvpx", "-crf", "20", "-b:v", "120k", "-g", "30",
                   "-c:a", "libopus", "-b:a", "24k", "-t", str(SECONDS), *plain, str(path)]
        subprocess.run(command, input=b"".join(frame(n) for n in range(RATE * SECONDS)), check=True)


def played_ms(path):
    """What a browser tells as the video's duration: the sound ends a little after the last picture."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return round(1000 * float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def described(name, duration_ms):
    data = (MEDIA / name).read_bytes()
    return {"file": f"media/{name}", "sha256": hashlib.sha256(data).hexdigest(), "duration_ms": duration_ms, "bytes": len(data)}


MEDIA.mkdir(parents=True, exist_ok=True)
png(MEDIA / "morning.png", 640, 360, morning)
video(MEDIA / "ball.webm")

study = {
    "format": "emotion-depth-study",
    "version": 1,
    "id": "example",
    "title": "Three small things",
    "language": "en",
    "closed": False,
    "controller": {
        "name": "Nobody: this is an example, and what you record stays with you",
        "contact": "the person who put this page there",
        "authority": "the data protection authority of your country",
    },
    "purpose": "demonstration",
    "consent": {
        "text": "This is an example. You see a text, an image and a short video, and the page reads your expressions meanwhile. It takes "
                "about **one minute**.\n\nIn the end you see:\n\n- what was recorded,\n- how good it is,\n- what a researcher would get.\n\n"
                "Nothing is handed over unless you save the file yourself.",
        "legal_basis": "Your consent, Art. 6(1)(a) and Art. 9(2)(a) GDPR",
        "retention": "Until you delete it from this device, at most 24 hours",
        "recipients": "Nobody",
        "withdraw_until": "at any time, as nothing leaves your device",
        "minimum_age": 16,
    },
    "instructions": "You will see **three** short things. Just watch them as you would at home.",
    "identity": {"participant_parameter": "participant", "carry": []},
    "groups": [],
    "screening": [],
    "checks": {"min_fps": 8, "min_quality": 0.5, "sound": False},
    "baseline": {"seconds": 5, "before_each_ms": 1000},
    "stimuli": [
        {"id": "text", "text": {"text": "Think of the last time somebody made you laugh. *Who was it?*", "duration_ms": 6000}},
        {"id": "image", "image": {**described("morning.png", 5000), "alt": "A sun rises over the sea"}},
        {"id": "video", "video": described("ball.webm", played_ms(MEDIA / "ball.webm")),
         "segments": [{"id": "bounces", "from_ms": 0, "to_ms": 4500}, {"id": "box", "from_ms": 4500, "to_ms": 6000}]},
    ],
    "order": {"method": "fixed", "seed": 0},
    "on_interrupt": "repeat",
    "resume_max_age_h": 24,
    "sample_rate_hz": 10,
    "questions": [
        {"id": "liked", "prompt": "Which of the three did you like best?", "required": True, "after": "end",
         "choice": {"options": [{"id": "text", "text": "The text"}, {"id": "image", "text": "The image"},
                                {"id": "video", "text": "The video"}], "multiple": False}},
        {"id": "pleasant", "prompt": "How pleasant was it?", "required": True, "after": "end",
         "scale": {"min": 1, "max": 5, "min_label": "not at all", "max_label": "very"}},
        {"id": "remark", "prompt": "Is there anything that you would like to say?", "required": False, "after": "end",
         "text": {"max_chars": 500}},
    ],
    "handover": {"methods": ["file", "receipt"], "max_receipt_chars": 12000},
    "outcomes": {"complete": {"text": "That was all. A researcher would now have a file or a text like yours."}},
    "texts": {},
}
(ROOT / "study.json").write_text(json.dumps(study, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
(ROOT / "LICENSE.txt").write_text(
    "The files of this example study were drawn by crates/study/example-study/make.py of this project.\n"
    "They are in the public domain (CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/).\n", encoding="utf-8")
