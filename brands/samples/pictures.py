"""Covers for invented brands: abstract pictures drawn by code, the same for the same seed."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from math import pi, sin
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from core import files

Colour = tuple[int, int, int]
SIZE = (880, 660)

_PALETTES: tuple[tuple[Colour, ...], ...] = (
    ((179, 25, 31), (217, 138, 43), (246, 223, 164), (122, 15, 20), (255, 244, 224)),
    ((28, 86, 143), (90, 160, 190), (240, 222, 180), (18, 52, 92), (226, 107, 74)),
    ((30, 111, 80), (125, 176, 98), (246, 220, 150), (16, 66, 56), (232, 132, 72)),
    ((108, 74, 160), (214, 120, 140), (250, 214, 170), (62, 40, 104), (240, 168, 92)),
    ((196, 78, 52), (240, 178, 92), (250, 232, 200), (110, 40, 44), (64, 120, 128)),
    ((20, 112, 122), (112, 190, 176), (252, 230, 180), (12, 62, 78), (224, 92, 74)),
)


def cover(seed: int) -> files.CleanFile:
    """One picture, checked and drawn anew like anybody's upload."""
    random = Random(seed)  # noqa: S311  the same picture every time
    palette = _PALETTES[seed % len(_PALETTES)]
    motif = _MOTIFS[seed // len(_PALETTES) % len(_MOTIFS)]
    image = _sky(palette, random)
    motif(ImageDraw.Draw(image, "RGBA"), palette, random)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return files.accept_image(ContentFile(out.getvalue(), name="封面.jpg"))


def _sky(palette: Sequence[Colour], random: Random) -> Image.Image:
    """A soft ground of four colours, one in each corner."""
    small = Image.new("RGB", (2, 2))
    corners = [palette[2], palette[4], palette[1], palette[2]]
    random.shuffle(corners)
    for at, colour in enumerate(corners):
        small.putpixel((at % 2, at // 2), colour)
    return small.resize(SIZE, Image.Resampling.BICUBIC)


def _hills(draw: ImageDraw.ImageDraw, palette: Sequence[Colour], random: Random) -> None:
    """A sun over rows of hills, the nearer the darker."""
    width, height = SIZE
    sun = random.randint(90, 140)
    x, y = random.randint(width // 4, 3 * width // 4), random.randint(height // 5, height // 3)
    for ring in (1.7, 1.35, 1.0):
        reach = int(sun * ring)
        alpha = 60 if ring > 1 else 235
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(*palette[2], alpha))
    shades = [_mixed(palette[1], palette[3], step / 4) for step in range(5)]
    for row, shade in enumerate(shades):
        base = height * (0.48 + row * 0.115)
        swing, phase = random.randint(26, 60), random.random() * 2 * pi
        turns = 1.1 + random.random() * 1.3
        line = [
            (at, base + swing * sin(phase + turns * 2 * pi * at / width))
            for at in range(0, width + 8, 8)
        ]
        draw.polygon([*line, (width, height), (0, height)], fill=(*shade, 238))


def _tiles(draw: ImageDraw.ImageDraw, palette: Sequence[Colour], random: Random) -> None:
    """A floor of quarter circles."""
    side = 110
    for top in range(0, SIZE[1], side):
        for left in range(0, SIZE[0], side):
            ground, figure = random.sample(list(palette), 2)
            draw.rectangle((left, top, left + side, top + side), fill=ground)
            corner = random.choice(((0, 0), (1, 0), (0, 1), (1, 1)))
            x, y = left + corner[0] * side, top + corner[1] * side
            start = {(0, 0): 0, (1, 0): 90, (1, 1): 180, (0, 1): 270}[corner]
            box = (x - side, y - side, x + side, y + side)
            draw.pieslice(box, start, start + 90, fill=figure)
            if random.random() < 0.3:
                half = side // 2
                inner = (x - half, y - half, x + half, y + half)
                draw.pieslice(inner, start, start + 90, fill=ground)


def _rays(draw: ImageDraw.ImageDraw, palette: Sequence[Colour], random: Random) -> None:
    """Rings that rise from the lower edge, like a sunrise or a stage."""
    x, y = SIZE[0] // 2 + random.randint(-160, 160), SIZE[1] + 40
    colours = [palette[3], palette[0], palette[1], palette[2]]
    for ring, reach in enumerate(range(620, 100, -78)):
        shade = colours[ring % len(colours)]
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(*shade, 228))
    for _ in range(26):
        dot = random.randint(4, 11)
        left, top = random.randint(0, SIZE[0]), random.randint(0, SIZE[1] // 2)
        draw.ellipse((left, top, left + dot, top + dot), fill=(255, 255, 255, 190))


def _ribbons(draw: ImageDraw.ImageDraw, palette: Sequence[Colour], random: Random) -> None:
    """Broad ribbons that cross."""
    width, height = SIZE
    for row in range(7):
        shade = palette[row % 4]
        middle, swing = height * (0.1 + row * 0.14), random.randint(50, 120)
        phase, thick = random.random() * 2 * pi, random.randint(26, 62)
        upper = [
            (at, middle + swing * sin(phase + 2.2 * pi * at / width))
            for at in range(0, width + 10, 10)
        ]
        lower = [(at, y + thick + 16 * sin(at / 90)) for at, y in reversed(upper)]
        draw.polygon([*upper, *lower], fill=(*shade, 205))


_Motif = Callable[[ImageDraw.ImageDraw, Sequence[Colour], Random], None]
_MOTIFS: tuple[_Motif, ...] = (_hills, _tiles, _rays, _ribbons)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
