import { mediaSamples } from '@pocketping/testing';
import type { Locator, Page } from 'playwright-core';

/** A file as people choose it. */
export interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const sampleOf = (key: keyof typeof mediaSamples): ChosenFile => {
  const { name, mimeType, bytes } = mediaSamples[key];
  return { name, mimeType, buffer: Buffer.from(bytes) };
};

/** A picture of 320 × 240 pixels, drawn in the browser. */
export const drawn = async (
  page: Page,
  name: string,
  colour: string,
  mimeType = 'image/png',
): Promise<ChosenFile> => {
  const base64 = await page.evaluate(`(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const brush = canvas.getContext('2d');
    brush.fillStyle = '${colour}';
    brush.fillRect(0, 0, 320, 240);
    return canvas.toDataURL('${mimeType}').split(',')[1];
  })()`);
  return { name, mimeType, buffer: Buffer.from(base64 as string, 'base64') };
};

interface Phone {
  by(id: string): Locator;
}

/**
 * Somebody chooses files on a phone, all at once. @param kind as what they are sent, where that is something the page has no
 * button for: a recording, a sticker
 */
export const choose = async (
  page: Page,
  phone: Phone,
  files: readonly ChosenFile[],
  kind?: string,
): Promise<void> => {
  const pattern = '**/phone/file?*';
  if (kind !== undefined) {
    await page.route(pattern, async (route) => {
      const url = new URL(route.request().url());
      const list = JSON.parse(url.searchParams.get('files') ?? '[]') as object[];
      url.searchParams.set('files', JSON.stringify(list.map((one) => ({ ...one, kind }))));
      await route.continue({ url: url.href });
    });
  }
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    phone.by('conversation').getByTestId('phone-attach').click(),
  ]);
  const [answer] = await Promise.all([
    page.waitForResponse(
      (response) => response.request().method() === 'POST' && /phone\/file\?/.test(response.url()),
    ),
    chooser.setFiles(files.map((file) => ({ ...file }))),
  ]);
  if (!answer.ok()) throw new Error(`the phone does not send it: ${await answer.text()}`);
  if (kind !== undefined) await page.unroute(pattern);
};

/** A file that a page shows, or offers to save. */
export interface SeenFile {
  readonly type: string;
  readonly base64: string;
}

/** The files that are shown within something, in the order in which people see them, each with its bytes. */
export const filesIn = (place: Locator): Promise<SeenFile[]> =>
  place.evaluate(async (node) => {
    const marked = [...node.querySelectorAll('[src], a[href]')].map(
      (one) => one.getAttribute('src') ?? one.getAttribute('href') ?? '',
    );
    const addresses = [...new Set(marked)].filter((url) =>
      /\/files\/att_|phone\/file\?|\/attachments\//.test(url),
    );
    const seen: SeenFile[] = [];
    for (const address of addresses) {
      const answer = await fetch(address);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
      seen.push({ type, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) });
    }
    return seen;
  });

export const bytesOf = ({ buffer }: ChosenFile): string => buffer.toString('base64');
