"""The spoken digits of the sound check: public/sound/digits-LANGUAGE.wav.

    python -m venv venv
    venv/bin/pip install py-nanotts==0.1.1 numpy==2.4.6 scipy==1.17.1
    venv/bin/python crates/study/spoken-digits/make.py public/sound

The voices are those of SVOX Pico (Apache License 2.0), which the Python package py-nanotts holds; what it speaks is
computed, no recording of a person. A file holds the digits from 1 to 8 one after another, each in a slot of the same
length, as WAV: 11,025 samples a second, one channel, 8 bits by the mu-law. So any program plays it, and the page cuts it
at known places. Nine is not among them: in English it is heard as five.

It prints what belongs into src/view/study/spoken.rs.
"""

import hashlib
import struct
import sys
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from py_nanotts import NanoTTS

RATE = 11_025
SLOT = RATE * 8 // 10
VOICES = {
    "en": ("en-GB", "one two three four five six seven eight"),
    "de": ("de-DE", "eins zwei drei vier fünf sechs sieben acht"),
    "fr": ("fr-FR", "un deux trois quatre cinq sisse sept huite"),
    "es": ("es-ES", "uno dos tres cuatro cinco seis siete ocho"),
}


def spoken(word: str, voice: str) -> np.ndarray:
    """One word, without the silence around it, at RATE, with a peak of 0.8."""
    raw = NanoTTS().speak(word + ".", voice=voice, speed=0.9)
    samples = np.frombuffer(raw, dtype="<i2").astype(float)
    samples = resample_poly(samples, RATE, 16_000)
    # The voices are dull: the consonants are raised by 12 dB against the lowest tones, for the small speakers of telephones.
    samples = np.append(samples[0], samples[1:] - 0.6 * samples[:-1])
    samples /= np.abs(samples).max()
    # The mean power of ten milliseconds tells where the word begins and ends: the quietest breath of an f counts.
    block = RATE // 100
    power = [np.sqrt(np.mean(samples[at : at + block] ** 2)) for at in range(0, len(samples), block)]
    loud = [at for at, value in enumerate(power) if value > 0.006]
    word_only = samples[max(loud[0] - 2, 0) * block : (loud[-1] + 4) * block]
    edge = np.minimum(1, np.minimum(np.arange(len(word_only)), np.arange(len(word_only))[::-1]) / (block / 2))
    return word_only * edge * 0.8


def mu_law(samples: np.ndarray) -> bytes:
    """ITU-T G.711: sign, three bits of exponent, four of mantissa, all inverted."""
    out = bytearray()
    for value in np.round(samples * 32_767).astype(int):
        sign = 0x80 if value < 0 else 0
        magnitude = min(abs(int(value)), 32_635) + 132
        exponent = magnitude.bit_length() - 8
        out.append(~(sign | exponent << 4 | magnitude >> exponent + 3 & 0x0F) & 0xFF)
    return bytes(out)


def wav(data: bytes) -> bytes:
    data += b"\xff" * (len(data) % 2)
    fmt = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    chunks = b"fmt " + struct.pack("<I", len(fmt)) + fmt
    chunks += b"fact" + struct.pack("<II", 4, len(data))
    chunks += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def main() -> None:
    folder = Path(sys.argv[1])
    for language, (voice, words) in VOICES.items():
        slots = []
        for word in words.split():
            one = spoken(word, voice)
            if len(one) > SLOT:
                sys.exit(f"{word!r} takes {len(one) / RATE:.2f} s, more than a slot")
            slots.append(np.concatenate([one, np.zeros(SLOT - len(one))]))
        file = wav(mu_law(np.concatenate(slots)))
        (folder / f"digits-{language}.wav").write_bytes(file)
        print(language, len(file), hashlib.sha256(file).hexdigest())


if __name__ == "__main__":
    main()
