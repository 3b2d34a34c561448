"""Pictures for made-up tips: painted here, then made anew like any picture that a person sends."""

import io
import random

from PIL import Image, ImageDraw

from tipintake.privacy.attachments import sanitize
from tipintake.tips.draft import AttachmentDraft

SIZE = (640, 420)
WALLS = ("#8f8577", "#6f7c85", "#a08d6c", "#7a6f80")
CARS = ("#f2f2ee", "#3a3f45", "#7c8087", "#6b2e2a", "#2f4a66")


def painted(rng: random.Random) -> bytes:
    """A building at night with a car before it. Nobody is in it."""
    picture = Image.new("RGB", SIZE, "#1c2430")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 70, 580, 300), fill=rng.choice(WALLS))
    for row in range(2):
        for column in range(6):
            left, top = 90 + column * 80, 100 + row * 90
            lit = rng.random() < 0.35
            draw.rectangle((left, top, left + 46, top + 50), fill="#f3d98b" if lit else "#27303a")
    draw.rectangle((0, 300, SIZE[0], SIZE[1]), fill="#343a3f")
    left = rng.randint(80, 380)
    draw.rounded_rectangle((left, 310, left + 190, 375), 18, fill=rng.choice(CARS))
    draw.rounded_rectangle((left + 35, 285, left + 150, 330), 14, fill="#222a31")
    for wheel in (left + 30, left + 130):
        draw.ellipse((wheel, 355, wheel + 36, 391), fill="#111417")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def attachment(rng: random.Random) -> AttachmentDraft:
    return AttachmentDraft.of(sanitize(painted(rng)), keep_claims=False)
