"""Makes the files of tests/pictures/kinds: one small picture in the forms in which people's files come.

    pip install pillow==13.0.0 pillow-heif==1.8.1 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy
    python tests/pictures/kinds.py

The picture is drawn here: four quarters of red, green, blue and grey, 32 x 24 pixels, so that a test can tell which way is up.
"""

import io
from pathlib import Path

import imagecodecs
import numpy
import pillow_heif
import tifffile
from PIL import Image, ImageCms

FOLDER = Path(__file__).parent / "kinds"
COLOURS = [(220, 30, 30), (30, 200, 30), (30, 30, 220), (128, 128, 128)]


def chart(width=32, height=24):
    picture = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for at, colour in enumerate(COLOURS):
        corner = (at % 2 * half[0], at // 2 * half[1])
        picture.paste(colour, (*corner, corner[0] + half[0], corner[1] + half[1]))
    return picture


def busy(width=96, height=80):
    """With something in every block, so that a cut loses something."""
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [128 + 90 * numpy.sin(x / 7 + y / 23), 128 + 80 * numpy.cos(x / 19 - y / 5), (x * 7 + y * 13) % 256]
    return Image.fromarray(numpy.stack(planes, 2).astype("uint8"))


def save(name, picture, **options):
    picture.save(FOLDER / name, **options)


def turned(name, picture, orientation, **options):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(name, picture, exif=exif.tobytes(), **options)


def jpegs():
    picture = busy()
    save("baseline.jpg", picture, quality=85, subsampling=2)
    save("whole_colour.jpg", picture, quality=85, subsampling=0, optimize=True)
    save("half_colour.jpg", picture, quality=70, subsampling=1)
    save("passes.jpg", picture, quality=85, progressive=True)
    save("passes_grey.jpg", picture.convert("L"), quality=90, progressive=True)
    save("restarts.jpg", picture, quality=85, restart_marker_blocks=5)
    save("grey.jpg", picture.convert("L"), quality=85)
    save("cmyk.jpg", chart().convert("CMYK"), quality=95)
    # As Adobe's programs write it: with the values turned round.
    pixels = 255 - numpy.asarray(chart().convert("CMYK"))
    ycck = imagecodecs.jpeg8_encode(pixels, level=95, colorspace="cmyk", outcolorspace="ycck")
    (FOLDER / "ycck.jpg").write_bytes(ycck)
    flat = Image.new("RGB", (400, 300), (255, 255, 255))
    flat.paste((90, 60, 40), (0, 0, 40, 40))
    save("flat.jpg", flat, quality=85, optimize=True)
    whole = (FOLDER / "baseline.jpg").read_bytes()
    (FOLDER / "unended.jpg").write_bytes(whole[:-2])
    (FOLDER / "followed.jpg").write_bytes(whole + b"\0" * 200 + b"what a telephone writes behind it")


def orientations():
    for orientation in range(1, 9):
        picture = chart()
        turned(f"turn{orientation}.jpg", picture, orientation, quality=95, subsampling=0)
        turned(f"turn{orientation}.png", picture, orientation)
        turned(f"turn{orientation}.webp", picture, orientation, lossless=True)
        turned(f"turn{orientation}.tif", picture, orientation)


def profiles():
    picture = chart()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile that is not sRGB: red and blue are exchanged, as the names of its parts say.
    other = profile.replace(b"rXYZ", b"#XYZ").replace(b"bXYZ", b"rXYZ").replace(b"#XYZ", b"bXYZ")
    save("profile.png", picture, icc_profile=other)
    save("profile.jpg", picture, icc_profile=other, quality=95, subsampling=0)
    save("plain.jpg", picture, quality=95, subsampling=0)


def pngs():
    picture = chart()
    save("palette.png", picture.quantize(8))
    pixels = numpy.asarray(picture).astype("uint16") * 257
    (FOLDER / "sixteen.png").write_bytes(imagecodecs.png_encode(pixels))
    save("bits.png", picture.convert("1"))
    frames = [chart(), chart().rotate(180)]
    for name in ("moving.png", "moving.gif", "moving.webp"):
        frames[0].save(FOLDER / name, save_all=True, append_images=frames[1:], duration=200)
    save("still.gif", picture)
    save("lossy.webp", busy(), quality=80)


def tiffs():
    picture = numpy.asarray(chart())
    small = numpy.full((6, 8, 3), 128, "uint8")
    path = lambda name: FOLDER / name
    with tifffile.TiffWriter(path("preview_first.tif")) as file:
        file.write(small, subfiletype=1, photometric="rgb", metadata=None)
        file.write(picture, photometric="rgb", metadata=None)
    with tifffile.TiffWriter(path("preview_outside.tif")) as file:
        file.write(small, subfiletype=1, photometric="rgb", subifds=1, metadata=None, extratags=[(274, 3, 1, 3, True)])
        file.write(picture, photometric="rgb", metadata=None)
    with tifffile.TiffWriter(path("pages.tif"), byteorder=">") as file:
        for turn in range(3):
            file.write(numpy.rot90(picture, turn), photometric="rgb", subfiletype=2, metadata=None)
    tifffile.imwrite(path("big.tif"), picture, bigtiff=True, photometric="rgb", metadata=None)
    sensor = numpy.arange(24 * 32, dtype="uint16").reshape(24, 32)
    dng = (50706, 1, 4, (1, 4, 0, 0), True)
    make = lambda name: (271, 2, 0, name, True)
    with tifffile.TiffWriter(path("camera.dng")) as file:
        file.write(small, subfiletype=1, photometric="rgb", subifds=1, metadata=None, extratags=[dng])
        file.write(sensor, photometric=32803, metadata=None, extratags=[(33421, 3, 2, (2, 2), True), (33422, 1, 4, (0, 1, 1, 2), True)])
    with tifffile.TiffWriter(path("linear.dng")) as file:
        file.write(picture.astype("uint16"), photometric=34892, metadata=None, extratags=[dng])
    for name, maker in (("camera.nef", "NIKON CORPORATION"), ("camera.arw", "SONY")):
        with tifffile.TiffWriter(path(name)) as file:
            file.write(small, subfiletype=1, photometric="rgb", subifds=1, metadata=None, extratags=[make(maker)])
            file.write(sensor, photometric=32803, metadata=None)
    plain = io.BytesIO()
    chart().save(plain, "TIFF")
    # Canon's header is TIFF's, its mark, and then the first list.
    (FOLDER / "camera.cr2").write_bytes(b"II*\0\x10\0\0\0CR\x02\0" + plain.getvalue()[12:])


def others():
    picture = chart()
    save("picture.ico", picture, sizes=[(16, 16)])
    save("picture.ppm", picture)
    save("picture.pgm", picture.convert("L"))
    save("picture.pbm", picture.convert("1"))
    save("picture.tga", picture)
    save("packed.tga", picture, compression="tga_rle")
    unsigned = (FOLDER / "picture.tga").read_bytes()
    (FOLDER / "old.tga").write_bytes(unsigned.split(b"\0" * 8 + b"TRUEVISION")[0])
    save("picture.jp2", picture)
    save("stream.j2k", picture, no_jp2=True)
    save("picture.pdf", picture)
    save("picture.eps", picture)
    save("picture.dds", picture)
    save("picture.pcx", picture)
    save("picture.avif", picture)
    pixels = numpy.asarray(picture)
    for name, encode in (("jxl", imagecodecs.jpegxl_encode), ("qoi", imagecodecs.qoi_encode), ("jxr", imagecodecs.jpegxr_encode)):
        (FOLDER / f"picture.{name}").write_bytes(encode(pixels))
    pillow_heif.from_pillow(picture.resize((64, 64))).save(FOLDER / "really_heic.jpg", format="HEIF")
    svg = '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" width="32" height="24"></svg>\n'
    (FOLDER / "picture.svg").write_text(svg)
    (FOLDER / "wide.svg").write_text(svg, encoding="utf-16")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for make in (jpegs, orientations, profiles, pngs, tiffs, others):
        make()
