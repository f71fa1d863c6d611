"""Golden crops for the alignment: PIL's resampling, which is independent of this project's.

    python warp.py ../pictures/astronaut.jpg warp.json

`turned`: a rotated square about as large as the crop, PIL's bilinear `Image.transform`. `shrunk` and
`shrunk_far`: squares 4 and 7.5 times as large, PIL's BOX filter (exact area means). Needs pillow.
"""

import json
import sys

from PIL import Image

SIZE = 48


def main():
    picture, target = sys.argv[1:]
    luma = Image.open(picture).convert("L")
    # Crop pixel (x, y) -> frame (a x - b y + tx, b x + a y + ty), corner convention as PIL's.
    a, b, tx, ty = 0.9, 0.4, 190.25, 70.5
    turned = luma.transform((SIZE, SIZE), Image.AFFINE, (a, -b, tx, b, a, ty), Image.BILINEAR)
    shrunk = luma.resize((SIZE, SIZE), Image.BOX, box=(130, 20, 130 + 4 * SIZE, 20 + 4 * SIZE))
    far = luma.resize((SIZE, SIZE), Image.BOX, box=(80, 10, 80 + 7.5 * SIZE, 10 + 7.5 * SIZE))
    golden = {
        "turned": {"to_frame": [a, b, tx, ty], "crop": list(turned.tobytes())},
        "shrunk": {"to_frame": [4.0, 0.0, 130.0, 20.0], "crop": list(shrunk.tobytes())},
        "shrunk_far": {"to_frame": [7.5, 0.0, 80.0, 10.0], "crop": list(far.tobytes())},
    }
    with open(target, "w") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
