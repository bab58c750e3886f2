import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { png, wav } from '../fake/media.js';
import { checkWith } from './check.js';
import { record } from './record.js';
import { openChat, part, site } from './site.js';

const world = site();
const check = checkWith(world);
const files = () => world.team().files;

interface Given {
  name: string;
  type: string;
  bytes: Buffer;
}

async function chat(options: Parameters<typeof world.visitor>[0] = {}): Promise<Page> {
  files().maxBytes = 25 * 1024 * 1024;
  const page = await world.shop(await world.visitor(options), { title: 'Lamp desk', operatorName: 'Ada' });
  await openChat(page);
  return page;
}

/** Hands files over as the clipboard or a drag does. */
const hand = (page: Page, how: 'paste' | 'drop', given: Given[]) =>
  part(page, 'composer').evaluate(
    (element, { how, given }) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
      }
      const shared = { bubbles: true, composed: true, cancelable: true };
      element.dispatchEvent(
        how === 'paste'
          ? new ClipboardEvent('paste', { ...shared, clipboardData: transfer })
          : new DragEvent('drop', { ...shared, dataTransfer: transfer }),
      );
    },
    { how, given: given.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') })) },
  );

async function everyKind(page: Page): Promise<Given[]> {
  const film = Buffer.from(await record(page), 'base64');
  return [
    { name: 'brass.png', type: 'image/png', bytes: png(480, 320, [181, 137, 43]) },
    { name: 'Invoice.pdf', type: 'application/pdf', bytes: Buffer.alloc(234_000, 1) },
    { name: 'hum.wav', type: 'audio/wav', bytes: wav(3) },
    { name: 'dimming.webm', type: 'video/webm', bytes: film },
    // What browsers and messaging apps record a voice in.
    { name: 'voice-note.webm', type: 'audio/webm', bytes: await voice(page) },
  ];
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const how of ['paste', 'drop'] as const) {
    it(`shows each kind before and after it is sent, by ${how} (${colorScheme})`, async () => {
      const page = await chat({ colorScheme });
      await hand(page, how, await everyKind(page));
      await expect.poll(() => page.getByRole('progressbar').count()).toBe(0);
      const icons = await part(page, 'file').evaluateAll((chips) =>
        chips.map((chip) => chip.querySelector('.tile')!.firstElementChild!.getAttribute('class')),
      );
      expect(icons).toEqual([null, 'icon page', 'icon audio', 'icon video', 'icon audio']);
      expect(await part(page, 'file').locator('canvas').count()).toBe(1);
      if (how === 'drop') await check(page, `${colorScheme}-50-each-kind`);
      await part(page, 'send').click();
      await page.locator('[data-status=sent]').waitFor();
      await expectShown(page);
      await check(page, `${colorScheme}-51-each-kind-sent`);
    });
  }
}

it('shows each kind that the team sends: to look at, to play, or to save', async () => {
  const page = await chat({ viewport: { width: 390, height: 1500 } });
  const attachments = (await everyKind(page)).map(({ name, type, bytes }) => files().put(name, type, bytes));
  for (const attachment of attachments)
    world.team().say(world.team().latest, '', { attachments: [attachment] });
  await expectShown(page);
  await check(page, 'phone-8-each-kind');
  const played = await part(page, 'audio')
    .first()
    .evaluate(async (player) => {
      const audio = player as HTMLAudioElement;
      audio.muted = true;
      await audio.play();
      return { controls: audio.controls, autoplay: audio.autoplay, paused: audio.paused };
    });
  expect(played).toEqual({ controls: true, autoplay: false, paused: false });
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'dimming.webm' }).click();
  expect((await download).suggestedFilename()).toBe('dimming.webm');
});

it('what a browser cannot play is there to be saved', async () => {
  const page = await chat();
  const broken = files().put('voice.ogg', 'audio/ogg', Buffer.from('no sound at all'));
  world.team().say(world.team().latest, '', { attachments: [broken] });
  const file = page.locator('a[data-testid=pp-attachment]');
  await file.waitFor();
  expect(await part(page, 'audio').count()).toBe(0);
  expect(await file.locator('.tile .audio').count()).toBe(1);
});

it('says why nothing is sent while a file has failed, and leads there', async () => {
  const page = await chat();
  files().refuse = 'unavailable';
  const pdf = { name: 'Invoice.pdf', type: 'application/pdf', bytes: Buffer.alloc(100) };
  await hand(page, 'paste', [pdf]);
  await part(page, 'file-retry').waitFor();
  await part(page, 'composer').fill('My invoice');
  await part(page, 'composer').press('Enter');
  const why = page.getByText('Not sent. Try the failed files again, or remove them.');
  await why.waitFor();
  expect(await why.evaluate((element) => element.role || element.getAttribute('role'))).toBe('status');
  const focused = () =>
    page.evaluate(() =>
      document.getElementById('pocketping')!.shadowRoot!.activeElement?.getAttribute('aria-label'),
    );
  expect(await focused()).toBe('Try again: Invoice.pdf');
  await check(page, 'light-52-not-sent');
  expect(world.team().latest.messages).toHaveLength(0);
  expect(await part(page, 'composer').inputValue()).toBe('My invoice');

  files().refuse = undefined;
  await page.keyboard.press('Enter');
  await why.waitFor({ state: 'detached' });
  await part(page, 'composer').press('Enter');
  await page.locator('[data-status=sent]').waitFor();
  expect(world.team().latest.messages).toMatchObject([
    { content: 'My invoice', attachments: [{ name: 'Invoice.pdf' }] },
  ]);

  files().refuse = 'unsupported_media_type';
  await hand(page, 'paste', [pdf]);
  await part(page, 'send').click();
  await why.waitFor();
  expect(await focused()).toBe('Remove Invoice.pdf');
  await page.keyboard.press('Enter');
  await why.waitFor({ state: 'detached' });
});

async function expectShown(page: Page): Promise<void> {
  const image = part(page, 'image').locator('img');
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(480);
  await expect.poll(() => part(page, 'audio').count()).toBe(2);
  await expect.poll(() => part(page, 'video').count()).toBe(1);
  for (const player of await page.locator('#pocketping :is(audio, video)').all())
    await expect
      .poll(() => player.evaluate((element) => (element as HTMLMediaElement).readyState))
      .toBeGreaterThanOrEqual(1);
  expect(await part(page, 'attachment').count()).toBe(1);
  expect(await part(page, 'attachment').textContent()).toContain('Invoice.pdf');
}

/** A second of a hum, recorded by the browser as it records a voice. */
const voice = async (page: Page): Promise<Buffer> => {
  const base64 = await page.evaluate(async () => {
    const context = new AudioContext();
    const [hum, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    hum.connect(out);
    hum.start();
    const recorder = new MediaRecorder(out.stream, { mimeType: 'audio/webm' });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    recorder.stop();
    await ended;
    return btoa(String.fromCharCode(...new Uint8Array(await new Blob(pieces).arrayBuffer())));
  });
  return Buffer.from(base64, 'base64');
};
