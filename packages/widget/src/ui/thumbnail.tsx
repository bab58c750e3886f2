/** Pixels of a side; shown at half of it, for sharp screens. */
const SIDE = 96;

const drawn = new WeakMap<HTMLCanvasElement, File>();

/**
 * A small picture of an image that is still here only. It is drawn, not linked: a `blob:` address would need a word in
 * the page's Content-Security-Policy.
 */
export const Thumbnail = ({ file }: { file: File }) => (
  <canvas
    width={SIDE}
    height={SIDE}
    ref={(canvas: HTMLCanvasElement | null) => {
      if (canvas && drawn.get(canvas) !== file) void draw(canvas, file);
    }}
  />
);

async function draw(canvas: HTMLCanvasElement, file: File): Promise<void> {
  drawn.set(canvas, file);
  try {
    const image = await createImageBitmap(file);
    // The middle of it, filling the square.
    const side = Math.min(image.width, image.height);
    const [left, top] = [(image.width - side) / 2, (image.height - side) / 2];
    canvas.getContext('2d')?.drawImage(image, left, top, side, side, 0, 0, SIDE, SIDE);
    image.close();
  } catch {
    // No image that this browser knows: the square stays empty.
  }
}
