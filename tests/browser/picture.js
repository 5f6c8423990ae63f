// Makes a PNG small: a page has few colours, and the docs keep every picture for ever.
"use strict";

const picture = (() => {
  const colours_max = 96;

  async function pixels(png) {
    const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }

  function distance(a, b) {
    return [0, 8, 16].reduce((sum, at) => sum + ((a >> at & 255) - (b >> at & 255)) ** 2, 0);
  }

  // The colours that come most often; each other one becomes the nearest of these.
  function palette(colours) {
    const counts = new Map();
    for (const colour of colours) counts.set(colour, (counts.get(colour) || 0) + 1);
    const often = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
    const kept = often.slice(0, colours_max);
    const nearest = (colour) => kept.reduce((best, other, at) =>
      distance(colour, other) < distance(colour, kept[best]) ? at : best, 0);
    return { kept, index: new Map(often.map((colour, at) =>
      [colour, at < kept.length ? at : nearest(colour)])) };
  }

  // A row of PNG's pixels begins with the name of its filter: 0, none.
  function rows({ width, height }, colours, index) {
    const out = new Uint8Array((width + 1) * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        out[y * (width + 1) + 1 + x] = index.get(colours[y * width + x]);
    return out;
  }

  async function deflated(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  function crc(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = sum >>> 1 ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
  }

  const number = (n) => [n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255];

  function chunk(name, bytes) {
    const named = [...name].map((c) => c.charCodeAt(0)).concat(Array.from(bytes));
    return [...number(bytes.length), ...named, ...number(crc(named))];
  }

  // Base64 to base64.
  async function small(png) {
    const image = await pixels(png);
    const colours = new Uint32Array(image.data.buffer).map((colour) => colour & 0xffffff);
    const { kept, index } = palette(colours);
    const bytes = [
      137, 80, 78, 71, 13, 10, 26, 10,
      ...chunk("IHDR", [...number(image.width), ...number(image.height), 8, 3, 0, 0, 0]),
      ...chunk("PLTE", kept.flatMap((c) => [c & 255, c >> 8 & 255, c >> 16])),
    ].concat(chunk("IDAT", await deflated(rows(image, colours, index))), chunk("IEND", []));
    return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
  }

  return { small };
})();
