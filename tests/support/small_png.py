"""Screenshots small enough to keep in a repository: at most 256 colours, chosen and counted by the browser itself."""

from __future__ import annotations

import base64
import struct
import zlib

from tests.support.browser import Browser

# The colours a page has most of; every other is drawn in the nearest of them. Pages have few, apart from soft edges.
_REDUCE = """async ([picture, top, height]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const w = image.width, h = Math.min(height, image.height - top);
  const canvas = new OffscreenCanvas(w, h);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, -top);
  const data = new Uint32Array(context.getImageData(0, 0, w, h).data.buffer);
  const counts = new Map();
  for (const colour of data) counts.set(colour, (counts.get(colour) || 0) + 1);
  const kept = [...counts.entries()].sort((a, b) => b[1] - a[1]).slice(0, 256).map(one => one[0]);
  const parts = colour => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const palette = kept.map(parts), index = new Map(kept.map((colour, number) => [colour, number]));
  for (const colour of counts.keys()) {
    if (index.has(colour)) continue;
    const [r, g, b] = parts(colour);
    let best = 0, least = Infinity;
    palette.forEach(([pr, pg, pb], number) => {
      const far = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
      if (far < least) { least = far; best = number; }
    });
    index.set(colour, best);
  }
  let text = '';
  for (const colour of data) text += String.fromCharCode(index.get(colour));
  return [w, h, palette.flat(), btoa(text)];
}"""


def smaller(picture: bytes, *, browser: Browser, top: int, height: int) -> bytes:
    """
    Give a PNG with at most 256 colours, cut to at most `height` pixels from `top` on. O(pixels).

    picture: a PNG of any kind Chromium reads.
    """
    page = browser.page_at(390)
    try:
        content = base64.b64encode(picture).decode()
        width, rows, palette, drawn = page.evaluate(_REDUCE, [content, top, height])
    finally:
        page.context.close()
    pixels = base64.b64decode(drawn)
    # Each row begins with its filter: none, which suits pictures of few colours best.
    lines = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(rows))
    head = struct.pack(">IIBBBBB", width, rows, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", bytes(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
