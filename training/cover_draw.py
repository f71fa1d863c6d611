"""Draws what hides a mouth, and what hides other parts, on 48-pixel grey faces."""
import numpy as np
from PIL import Image, ImageDraw, ImageFilter
S = 4
N = 48 * S
MOUTH = (15, 32, 33, 42)

def texture(rng, bank, size=N):
    kind = rng.integers(6)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    if kind == 0:
        t = np.zeros((size, size), np.float32)
    elif kind == 1:
        a = rng.uniform(0, np.pi); f = rng.uniform(.05, .6)
        t = np.sin((x * np.cos(a) + y * np.sin(a)) * f)
    elif kind == 2:
        n = int(rng.integers(4, 48)); t = np.asarray(Image.fromarray(rng.normal(0, 1, (n, n)).astype(np.float32)).resize((size, size), Image.BICUBIC))
    elif kind == 3:
        c = int(rng.integers(4, 24)); t = ((x // c + y // c) % 2) * 2 - 1
    elif kind == 4:
        t = rng.normal(0, 1, (size, size))
    else:
        p = bank[rng.integers(len(bank))].astype(np.float32)
        k = int(rng.integers(16, 48)); x0, y0 = rng.integers(0, 48 - k + 1, 2)
        t = np.asarray(Image.fromarray(p[y0:y0 + k, x0:x0 + k]).resize((size, size), Image.BICUBIC)) / 64
        t = t - t.mean()
    a = rng.uniform(-1, 1); b = rng.uniform(-1, 1)
    shade = (a * (x - size / 2) + b * (y - size / 2)) / size
    return t * rng.choice([0, 3, 8, 20, 40]) + shade * rng.uniform(0, 60)

def mask_shape(rng):
    im = Image.new('L', (N, N), 0); d = ImageDraw.Draw(im)
    top = rng.uniform(24, 32); w = rng.uniform(9, 15); cx = 24 + rng.uniform(-2, 2); side = top + rng.uniform(-3, 4); low = rng.uniform(42, 52)
    pts = [(cx, top), (cx + w * .5, top + 1), (cx + w * 1.5, side + 1), (cx + w * 1.35, low - 5), (cx + w * .6, low), (cx - w * .6, low), (cx - w * 1.35, low - 5), (cx - w * 1.5, side + 1), (cx - w * .5, top + 1)]
    d.polygon([(a * S, b * S) for a, b in pts], fill=255)
    if rng.random() < .5:
        for s in (-1, 1):
            d.line([((cx + s * w * 1.4) * S, (side + 1) * S), ((cx + s * 26) * S, (side - rng.uniform(0, 5)) * S)], fill=255, width=int(rng.integers(2, 6)))
    return im

def hand_shape(rng, where):
    """A palm with fingers; the pieces are returned one by one for their shading."""
    im = Image.new('L', (N, N), 0); d = ImageDraw.Draw(im); lines = Image.new('L', (N, N), 0); l = ImageDraw.Draw(lines)
    cx, cy = where; n = int(rng.integers(1, 5)); wide = rng.uniform(3.2, 5.2); long = rng.uniform(10, 22); ang = rng.uniform(-np.pi, np.pi)
    dx, dy = np.cos(ang), np.sin(ang); px, py = -dy, dx
    for i in range(n):
        o = (i - (n - 1) / 2) * wide * rng.uniform(.92, 1.05)
        a = (cx + px * o - dx * long * .5, cy + py * o - dy * long * .5); b = (cx + px * o + dx * long * rng.uniform(.35, .6), cy + py * o + dy * long * rng.uniform(.35, .6))
        wd = int(wide * S * rng.uniform(.95, 1.1))
        d.line([(a[0] * S, a[1] * S), (b[0] * S, b[1] * S)], fill=255, width=wd)
        r = wd / 2; d.ellipse([b[0] * S - r, b[1] * S - r, b[0] * S + r, b[1] * S + r], fill=255)
        e = (px * wide / 2, py * wide / 2)
        l.line([((a[0] + e[0]) * S, (a[1] + e[1]) * S), ((b[0] + e[0]) * S, (b[1] + e[1]) * S)], fill=255, width=int(rng.integers(2, 5)))
    if rng.random() < .7:
        c = (cx - dx * long * .75, cy - dy * long * .75); r = wide * max(n, 2) * .55
        d.ellipse([(c[0] - r) * S, (c[1] - r) * S, (c[0] + r) * S, (c[1] + r) * S], fill=255)
        e = (c[0] - dx * 40, c[1] - dy * 40); d.line([(c[0] * S, c[1] * S), (e[0] * S, e[1] * S)], fill=255, width=int(r * 1.6 * S))
    return im, lines

def block_shape(rng, where, big):
    im = Image.new('L', (N, N), 0); d = ImageDraw.Draw(im); cx, cy = where
    w, h = (rng.uniform(9, 20), rng.uniform(5.5, 13)) if big else (rng.uniform(3, 9), rng.uniform(3, 9))
    box = [(cx - w) * S, (cy - h) * S, (cx + w) * S, (cy + h) * S]
    k = rng.integers(3)
    (d.rectangle if k == 0 else d.ellipse if k == 1 else lambda b, fill: d.rounded_rectangle(b, radius=12, fill=fill))(box, fill=255)
    return im.rotate(rng.uniform(-40, 40), center=(cx * S, cy * S)) if rng.random() < .6 else im

def apply(face, shape, rng, bank, level=None, lines=None, soft=None):
    big = np.asarray(Image.fromarray(face).resize((N, N), Image.BICUBIC)).astype(np.float32)
    level = rng.uniform(10, 245) if level is None else level
    fill = level + texture(rng, bank)
    if lines is not None:
        fill = fill - np.asarray(lines.filter(ImageFilter.GaussianBlur(1.5))) / 255. * rng.uniform(15, 60)
    s = Image.fromarray(np.asarray(shape)); edge = float(rng.choice([0, 1, 3])) if soft is None else soft
    m = np.asarray(s.filter(ImageFilter.GaussianBlur(edge)) if edge else s) / 255.
    if rng.random() < .6:  # a shadow around it
        sh = np.asarray(s.filter(ImageFilter.GaussianBlur(float(rng.uniform(3, 8))))) / 255.
        big = big * (1 - rng.uniform(0, .4) * np.clip(sh - m, 0, 1))
    out = np.clip(big * (1 - m) + fill * m, 0, 255).astype(np.uint8)
    x0, y0, x1, y1 = [v * S for v in MOUTH]
    return np.asarray(Image.fromarray(out).resize((48, 48), Image.BOX)), float((m[y0:y1, x0:x1] > .5).mean())

def skin(face, rng):
    return float(np.median(face[10:34, 10:38])) + rng.normal(0, 18)

def covered(face, rng, bank):
    """(picture, kind) with the mouth hidden."""
    for _ in range(20):
        kind = ['mask', 'hand', 'block', 'hand', 'mask', 'blocktex', 'mosaic', 'scarf'][rng.integers(8)]
        at = (24 + rng.normal(0, 2.5), 37.5 + rng.normal(0, 2))
        if kind == 'mask':
            shape = mask_shape(rng); level = rng.choice([rng.uniform(150, 240), rng.uniform(15, 60), rng.uniform(60, 200)])
            lines = None
            if rng.random() < .5:
                lines = Image.new('L', (N, N), 0); d = ImageDraw.Draw(lines)
                for k in range(int(rng.integers(1, 5))):
                    yy = rng.uniform(30, 46) * S; d.line([(6 * S, yy), (24 * S, yy + rng.uniform(-6, 10)), (42 * S, yy)], fill=200, width=int(rng.integers(1, 4)))
            out, share = apply(face, shape, rng, bank, level, lines)
        elif kind == 'hand':
            shape, lines = hand_shape(rng, at); out, share = apply(face, shape, rng, bank, skin(face, rng), lines)
        elif kind in ('block', 'blocktex'):
            out, share = apply(face, block_shape(rng, at, True), rng, bank)
        elif kind == 'scarf':
            im = Image.new('L', (N, N), 0); y = rng.uniform(29, 33) * S
            ImageDraw.Draw(im).polygon([(0, y + rng.uniform(-20, 20)), (N / 2, y), (N, y + rng.uniform(-20, 20)), (N, N), (0, N)], fill=255)
            out, share = apply(face, im, rng, bank)
        else:
            shape = block_shape(rng, at, True); c = int(rng.integers(4, 10))
            big = Image.fromarray(face).resize((48 // c + 1,) * 2, Image.BOX).resize((N, N), Image.NEAREST)
            m = np.asarray(shape) > 127; f = np.asarray(Image.fromarray(face).resize((N, N), Image.BICUBIC)).copy(); f[m] = np.asarray(big)[m]
            out = np.asarray(Image.fromarray(f).resize((48, 48), Image.BOX)); x0, y0, x1, y1 = [v * S for v in MOUTH]; share = float(m[y0:y1, x0:x1].mean())
        if share >= .7:
            return out, kind
    return out, None

def elsewhere(face, rng, bank):
    """Something that is not before the mouth: glasses, beard, moustache, a hat, hair, a hand at the cheek or chin, a block."""
    for _ in range(20):
        kind = ['glasses', 'beard', 'moustache', 'hat', 'hand', 'block', 'beard', 'glasses'][rng.integers(8)]
        im = Image.new('L', (N, N), 0); d = ImageDraw.Draw(im)
        if kind == 'glasses':
            r = rng.uniform(4, 7); y = 18 + rng.normal(0, 1); fill = rng.random() < .5; wdt = int(rng.integers(2, 7))
            for cx in (15 + rng.normal(0, .7), 33 + rng.normal(0, .7)):
                b = [(cx - r * 1.2) * S, (y - r) * S, (cx + r * 1.2) * S, (y + r * .9) * S]
                d.rounded_rectangle(b, radius=int(rng.integers(4, 20)), fill=255 if fill else 0, outline=255, width=wdt)
            d.line([(20 * S, y * S), (28 * S, y * S)], fill=255, width=wdt); d.line([(0, (y - 1) * S), (10 * S, y * S)], fill=255, width=wdt); d.line([(38 * S, y * S), (N, (y - 1) * S)], fill=255, width=wdt)
            out, share = apply(face, im, rng, bank, rng.choice([rng.uniform(5, 60), rng.uniform(150, 230)]))
        elif kind in ('beard', 'moustache'):
            if kind == 'beard':
                y = rng.uniform(27, 34)
                d.polygon([(6 * S, y * S), (12 * S, (y + 5) * S), (36 * S, (y + 5) * S), (42 * S, y * S), (41 * S, N), (7 * S, N)], fill=255)
            d.ellipse([14 * S, 31 * S, 34 * S, 36.5 * S], fill=255)
            w, h = rng.uniform(7, 11), rng.uniform(2.2, 5); d.ellipse([(24 - w) * S, (38 - h) * S, (24 + w) * S, (38 + h) * S], fill=0)
            hair = rng.normal(0, 1, (N, N)); hair = np.asarray(Image.fromarray(hair.astype(np.float32)).filter(ImageFilter.GaussianBlur(1)) if False else Image.fromarray(hair.astype(np.float32)))
            big = np.asarray(Image.fromarray(face).resize((N, N), Image.BICUBIC)).astype(np.float32)
            m = np.asarray(im.filter(ImageFilter.GaussianBlur(float(rng.uniform(2, 8))))) / 255. * rng.uniform(.4, 1)
            out = big * (1 - m) + (rng.uniform(15, 110) + hair * rng.uniform(5, 40)) * m
            out = np.asarray(Image.fromarray(np.clip(out, 0, 255).astype(np.uint8)).resize((48, 48), Image.BOX)); share = 0
        elif kind == 'hat':
            y = rng.uniform(6, 15) * S; d.polygon([(0, y + rng.uniform(-15, 25)), (N / 2, y), (N, y + rng.uniform(-15, 25)), (N, 0), (0, 0)], fill=255)
            out, share = apply(face, im, rng, bank)
        else:
            at = [(rng.uniform(-2, 9), rng.uniform(5, 48)), (rng.uniform(39, 50), rng.uniform(5, 48)), (rng.uniform(5, 43), rng.uniform(-2, 20)), (rng.uniform(12, 36), rng.uniform(47, 53))][rng.integers(4)]
            if kind == 'hand':
                shape, lines = hand_shape(rng, at); out, share = apply(face, shape, rng, bank, skin(face, rng), lines)
            else:
                out, share = apply(face, block_shape(rng, at, rng.random() < .4), rng, bank)
        if share <= .08:
            return out, kind
    return face, None
