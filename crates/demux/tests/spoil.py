"""Files that no encoder makes: mirrored, with false headers, cut off, damaged. Run by make.sh in the folder of the files."""

import struct


def read(name):
    return bytearray(open(name, "rb").read())


def write(name, data):
    open(name, "wb").write(data)


# Mirrored: the matrix of the track's header (a full box of version 0: 40 bytes of other fields before it).
for name, matrix in [("mirrored.mp4", (-1, 0, 0, 1)), ("mirrored_90.mp4", (0, 1, 1, 0))]:
    data = read("bframes.mp4")
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (value << 16 for value in matrix)
    data[at:at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    write(name, data)

# A header that says half a second.
data = read("bframes.mp4")
at = data.index(b"mvhd") + 4 + 16
data[at:at + 4] = struct.pack(">I", 500)
write("short_header.mp4", data)
data = read("vp9.webm")
at = data.index(b"\x44\x89\x88") + 3
data[at:at + 8] = struct.pack(">d", 500.0)
write("short_header.webm", data)

# Cut off.
data = read("index_first.mp4")
write("cut_off.mp4", data[:len(data) * 2 // 3])
data = read("fragmented.mp4")
write("cut_off_fragments.mp4", data[:len(data) * 3 // 4])
data = read("bframes.mp4")
write("no_index.mp4", data[:data.index(b"moov") - 4])
data = read("clusters.webm")
write("cut_off.webm", data[:len(data) * 2 // 3])

# Damaged in the middle: the pictures' bytes, or the container's own.
data = read("two_seconds.mp4")
start = data.index(b"mdat") + 4
length = struct.unpack(">I", data[start - 8:start - 4])[0] - 8
for at in range(start + length * 2 // 5, start + length * 3 // 5):
    data[at] = 0
write("damaged.mp4", data)
data = read("clusters.webm")
marks = [at for at in range(len(data)) if data[at:at + 4] == b"\x1f\x43\xb6\x75"]
for at in range(marks[2] - 40, marks[2] + 60):
    data[at] = 0
write("damaged.webm", data)

# A live recording: neither the segment nor its clusters say how long they are.
data = read("clusters.webm")
out, at = bytearray(), 0
unknown = b"\x01" + b"\xff" * 7


def head(at):
    width = 1
    while not data[at] & (0x80 >> (width - 1)):
        width += 1
    return width, int.from_bytes(data[at:at + width], "big") & ((1 << (7 * width)) - 1)


at = data.index(b"\x18\x53\x80\x67") + 4
width, _ = head(at)
out += data[:at] + unknown
at += width
while at < len(data):
    if data[at:at + 4] == b"\x1c\x53\xbb\x6b":
        break  # no index
    start = at
    id_width = {0x1f: 4, 0x11: 4, 0x15: 4, 0x16: 4, 0x12: 4, 0xec: 1}[data[at]]
    width, size = head(at + id_width)
    end = at + id_width + width + size
    if data[at:at + 4] == b"\x1f\x43\xb6\x75":
        out += data[at:at + 4] + unknown + data[at + id_width + width:end]
    else:
        out += data[at:end]
    at = end
write("live.webm", out)

# A film of more than 4 GB, the hole left out: `free` announces it, and the offsets (64 bits wide) reckon with it.
HOLE = 9 << 29
data = read("bframes.mp4")
first = struct.unpack(">I", data[0:4])[0]
free = struct.pack(">I4sQ", 1, b"free", 16 + HOLE)
at = data.index(b"stco")
count = struct.unpack(">I", data[at + 8:at + 12])[0]
offsets = struct.unpack(f">{count}I", data[at + 12:at + 12 + 4 * count])
wide = struct.pack(f">I4sII{count}Q", 16 + 8 * count, b"co64", 0, count, *(offset + 16 + HOLE for offset in offsets))
data[at - 4:at + 12 + 4 * count] = wide
for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
    place = data.index(kind) - 4
    data[place:place + 4] = struct.pack(">I", struct.unpack(">I", data[place:place + 4])[0] + 4 * count)
write("far.bin", data[:first] + free + data[first:])
