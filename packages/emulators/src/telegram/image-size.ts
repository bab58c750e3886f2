export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What a JPEG, PNG, WebP or GIF says of its own size in pixels; undefined for anything else. */
export const imageSize = (bytes: Uint8Array): ImageSize | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = READERS.find(({ begins }) => begins.every((byte, at) => byte < 0 || bytes[at] === byte));
  try {
    return reader?.read(view);
  } catch {
    // It ends before it has said so.
    return undefined;
  }
};

/** -1 stands for any byte. */
const READERS: readonly { begins: readonly number[]; read(view: DataView): ImageSize | undefined }[] = [
  // https://www.w3.org/TR/png-3/#11IHDR
  {
    begins: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    read: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  },
  { begins: [0xff, 0xd8, 0xff], read: (view) => jpegSize(view) },
  // https://www.w3.org/Graphics/GIF/spec-gif89a.txt
  {
    begins: [0x47, 0x49, 0x46, 0x38],
    read: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  },
  {
    begins: [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50],
    read: (view) => webpSize(view),
  },
];

/** Its size stands in the first segment that begins a frame. @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf */
const jpegSize = (view: DataView): ImageSize | undefined => {
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    const beginsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (beginsFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
  return undefined;
};

/** @see https://developers.google.com/speed/webp/docs/riff_container */
const webpSize = (view: DataView): ImageSize | undefined => {
  switch (view.getUint32(12)) {
    case 0x56503820: // "VP8 "
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      // "VP8L": twice 14 bits, each less one
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 0x56503858: // "VP8X": twice 24 bits, each less one
      return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
    default:
      return undefined;
  }
};

const uint24 = (view: DataView, at: number): number =>
  view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
