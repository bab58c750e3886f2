import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { png, wav } from '../fake/media.js';
import { checkWith } from './check.js';
import { record } from './record.js';
import { openChat, part, site, write } from './site.js';

const world = site();
const check = checkWith(world);
const MB = 1024 * 1024;

const brass = png(480, 320, [181, 137, 43]);
const blue = png(320, 480, [40, 90, 190]);
const wide = png(900, 240, [150, 40, 90]);

const picture = { name: 'brass lamp.png', mimeType: 'image/png', buffer: brass };
const invoice = { name: 'Invoice 2026-0117.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(234_000) };

const files = () => world.team().files;
const choose = (page: Page, chosen: { name: string; mimeType: string; buffer: Buffer }[]) =>
  part(page, 'files').setInputFiles(chosen);
const uploaded = (page: Page) => expect.poll(() => page.getByRole('progressbar').count()).toBe(0);
const latest = () => world.team().latest.messages.at(-1);

/** The shop of a team that takes files, with the window open. */
async function chat(options: Parameters<typeof world.visitor>[0] = {}): Promise<Page> {
  files().maxBytes = 25 * MB;
  const page = await world.shop(await world.visitor(options), { title: 'Lamp desk', operatorName: 'Ada' });
  await openChat(page);
  return page;
}

/** Bytes are not answered before the answer is called. */
function hold(): () => void {
  let go = () => {};
  files().until = new Promise<void>((resolve) => {
    go = resolve;
  });
  return () => {
    files().until = undefined;
    go();
  };
}

/** Hands files to an element as a drag or the clipboard does. */
const hand = (page: Page, type: string, given: { name: string; type: string }[], texts: string[] = []) =>
  part(page, 'composer').evaluate(
    (element, { type, given, texts }) => {
      const transfer = new DataTransfer();
      for (const { name, type } of given) transfer.items.add(new File(['content'], name, { type }));
      for (const kind of texts) transfer.items.add('text', kind);
      const shared = { bubbles: true, composed: true, cancelable: true };
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { ...shared, clipboardData: transfer })
          : new DragEvent(type, { ...shared, dataTransfer: transfer });
      return element.dispatchEvent(event);
    },
    { type, given, texts },
  );

it('offers no files where the site takes none', async () => {
  const page = await world.shop(await world.visitor());
  await openChat(page);
  expect(await part(page, 'attach').count()).toBe(0);
  expect(await hand(page, 'dragover', [{ name: 'a.txt', type: 'text/plain' }])).toBe(true);
  expect(await part(page, 'drop').count()).toBe(0);
});

it('sends what was chosen with the button, and shows it', async () => {
  const page = await chat();
  const chooser = page.waitForEvent('filechooser');
  await part(page, 'attach').click();
  expect((await chooser).isMultiple()).toBe(true);
  await (await chooser).setFiles([picture, invoice]);
  await uploaded(page);
  await part(page, 'composer').fill('This one');
  await part(page, 'composer').press('Enter');
  await page.locator('[data-status=sent]').waitFor();
  expect(latest()).toMatchObject({
    content: 'This one',
    attachments: [{ name: 'brass lamp.png' }, { name: 'Invoice 2026-0117.pdf', size: 234_000 }],
  });
  expect(await part(page, 'file').count()).toBe(0);
  expect(await part(page, 'composer').inputValue()).toBe('');
  const image = part(page, 'image').locator('img');
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(480);
  expect(await image.getAttribute('alt')).toBe('brass lamp.png');
  expect(await image.getAttribute('loading')).toBe('lazy');
  const opened = page.context().waitForEvent('page');
  await part(page, 'image').click();
  expect(await (await opened).evaluate(() => window.opener)).toBe(null);
  expect((await opened).url()).toMatch(/\/pocketping\/files\/att_\d+\?sig=x$/);
  const download = page.waitForEvent('download');
  await page.bringToFront();
  await part(page, 'attachment').click();
  expect((await download).suggestedFilename()).toBe('Invoice 2026-0117.pdf');
});

it('takes what is pasted, but not the picture of pasted text', async () => {
  const page = await chat();
  const image = { name: 'image.png', type: 'image/png' };
  expect(await hand(page, 'paste', [image], ['text/plain', 'text/html'])).toBe(true);
  expect(await part(page, 'file').count()).toBe(0);
  expect(await hand(page, 'paste', [image])).toBe(false);
  await part(page, 'file').waitFor();
});

it('takes what is dropped, and shows where', async () => {
  const page = await chat();
  const text = { name: 'a.txt', type: 'text/plain' };
  expect(await hand(page, 'dragover', [text])).toBe(false);
  await part(page, 'drop').waitFor();
  await check(page, 'light-20-drop');
  await hand(page, 'dragleave', [text]);
  await part(page, 'drop').waitFor({ state: 'detached' });
  await hand(page, 'dragover', [text]);
  expect(await hand(page, 'drop', [text, { name: 'b.txt', type: 'text/plain' }])).toBe(false);
  await expect.poll(() => part(page, 'file').count()).toBe(2);
  expect(await part(page, 'drop').count()).toBe(0);
});

it('can be done by keyboard alone', async () => {
  const page = await chat();
  page.on('filechooser', (chooser) => void chooser.setFiles([{ ...invoice, name: 'third.pdf' }]));
  await choose(page, [picture, invoice]);
  await uploaded(page);
  await part(page, 'composer').focus();
  const tabTo = async (name: string) => {
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Shift+Tab');
      const label = await page.evaluate(() =>
        document.getElementById('pocketping')!.shadowRoot!.activeElement?.getAttribute('aria-label'),
      );
      if (label === name) return;
    }
    throw new Error(`no way to ${name}`);
  };
  await tabTo('Attach files');
  await page.keyboard.press('Enter');
  await expect.poll(() => part(page, 'file').count()).toBe(3);
  await tabTo('Remove brass lamp.png');
  await page.keyboard.press('Enter');
  await expect.poll(() => part(page, 'file').count()).toBe(2);
  await uploaded(page);
  await page.keyboard.press('Enter');
  await page.locator('[data-status=sent]').waitFor();
  expect(latest()!.attachments).toHaveLength(2);
});

it('keeps the files of a message whose text is being changed, and drops them with it', async () => {
  const page = await chat();
  await choose(page, [picture]);
  await uploaded(page);
  await write(page, 'Tihs one');
  await page.locator('[data-status=sent]').waitFor();
  await part(page, 'message').hover();
  await part(page, 'edit').click();
  await part(page, 'image').waitFor();
  await check(page, 'light-31-editing');
  await part(page, 'edit-field').fill('This one');
  await part(page, 'edit-save').click();
  await page.getByText('This one').waitFor();
  await part(page, 'image').waitFor();
  await part(page, 'message').hover();
  await part(page, 'delete').click();
  await page.getByText('Message deleted').waitFor();
  expect(await part(page, 'image').count()).toBe(0);
});

it('shows pictures as files where the page’s policy has none', async () => {
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";
  const shop = world.server.pages.get('/shop')!;
  world.server.pages.set('/shop', { ...shop, headers: { 'content-security-policy': policy } });
  const page = await chat();
  await choose(page, [picture]);
  await uploaded(page);
  await write(page, 'See?');
  await page.getByText('See?').waitFor();
  await page.locator('a[data-testid=pp-attachment]').waitFor();
  expect(await part(page, 'image').count()).toBe(0);
});

it('never shows an SVG, and leads nowhere but to the web', async () => {
  const page = await chat();
  const team = world.team();
  const svg = files().put(
    'logo.svg',
    'image/svg+xml',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  );
  const trap = { ...svg, id: 'att_x', name: 'trap.txt', mimeType: 'text/plain', url: 'javascript:alert(1)' };
  team.say(team.latest, '', { attachments: [svg, trap] });
  await expect.poll(() => part(page, 'attachment').count()).toBe(2);
  expect(await page.locator('a[data-testid=pp-attachment]').count()).toBe(1);
  expect(await page.locator('#pocketping img').count()).toBe(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  it(`looks and reads well with files (${colorScheme})`, async () => {
    const page = await chat({ colorScheme });
    const team = world.team();
    await write(page, 'Hello! I have a question about this one.');
    await page.locator('[data-status=sent]').waitFor();
    const go = hold();
    await choose(page, [picture, invoice]);
    await expect.poll(() => page.getByRole('progressbar').count()).toBe(2);
    await check(page, `${colorScheme}-21-uploading`);
    await part(page, 'composer').fill('The lamp, and what I paid for it');
    await part(page, 'composer').press('Enter');
    await page.getByRole('button', { name: 'Sending when the files are uploaded' }).waitFor();
    await check(page, `${colorScheme}-22-sending-waits`);
    expect(team.latest.messages).toHaveLength(1);
    go();
    await expect.poll(() => team.latest.messages.length).toBe(2);
    await part(page, 'image').waitFor();
    await check(page, `${colorScheme}-23-sent`);

    await choose(page, [{ name: 'film.mov', mimeType: 'video/quicktime', buffer: Buffer.alloc(26 * MB) }]);
    files().refuse = 'unsupported_media_type';
    await choose(page, [
      { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.alloc(9) },
    ]);
    await page.getByText('Files of this type are not accepted').first().waitFor();
    files().refuse = 'unavailable';
    await choose(page, [{ ...invoice, name: 'A very long name of a scanned delivery note 2026-01-17.pdf' }]);
    await part(page, 'file-retry').waitFor();
    await check(page, `${colorScheme}-24-failures`);
    expect(await page.getByText('Too large: at most 25 MB').first().isVisible()).toBe(true);
    expect(await page.getByRole('status').allTextContents()).toContain(
      'film.mov: Too large: at most 25 MB. setup.exe: Files of this type are not accepted. ' +
        'A very long name of a scanned delivery note 2026-01-17.pdf: No connection',
    );
    files().refuse = undefined;
    await part(page, 'file-retry').click();
    await uploaded(page);
    for (let left = 3; left > 0; left--) await part(page, 'file-remove').first().click();

    const many = Array.from({ length: 12 }, (_, n) => ({ ...picture, name: `view ${n + 1}.png` }));
    await choose(page, many);
    await page.getByText('At most 10 files fit into one message.').waitFor();
    await uploaded(page);
    await check(page, `${colorScheme}-25-ten`);
    for (let left = 10; left > 3; left--) await part(page, 'file-remove').first().click();
    await part(page, 'composer').press('Enter');
    await expect.poll(() => team.latest.messages.length).toBe(3);
    await check(page, `${colorScheme}-26-pictures`);

    const session = team.latest;
    team.say(session, '', { attachments: [files().put('in blue.png', 'image/png', blue)] });
    await expect.poll(() => part(page, 'image').count()).toBe(5);
    await check(page, `${colorScheme}-27-picture-alone`);
    const waiting = {
      id: 'att_w',
      name: 'manual.pdf',
      mimeType: 'application/pdf',
      size: 0,
      status: 'fetching',
    } as const;
    const lost = { ...waiting, id: 'att_l', name: 'photo.jpg', status: 'failed' } as const;
    team.say(session, 'The manual, and our catalogue', {
      attachments: [waiting, lost, files().put('Catalogue.pdf', 'application/pdf', invoice.buffer)],
    });
    await page.getByText('On its way…').waitFor();
    await check(page, `${colorScheme}-28-states`);
    team.say(session, '', { attachments: [files().put('voice.wav', 'audio/wav', wav(4))] });
    const film = Buffer.from(await record(page), 'base64');
    team.say(session, 'How it dims', { attachments: [files().put('dimming.webm', 'video/webm', film)] });
    await part(page, 'video').waitFor();
    await check(page, `${colorScheme}-29-sound-and-film`);
    await part(page, 'message').last().hover();
    await part(page, 'reply').click();
    await part(page, 'composer').fill('Thanks!');
    await check(page, `${colorScheme}-30-reply`);
    const sound = session.messages.at(-2)!;
    team.say(session, 'Listen to this', { replyTo: sound.id });
    await page.locator('blockquote').getByText('voice.wav').waitFor();
  });
}

it('fits a phone', async () => {
  const page = await chat({
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  const go = hold();
  await choose(page, [picture, { ...invoice, name: 'A very long name of a scanned delivery note 2026.pdf' }]);
  await part(page, 'composer').fill('Both');
  await check(page, 'phone-4-uploading');
  go();
  await uploaded(page);
  await part(page, 'send').tap();
  await page.locator('[data-status=sent]').waitFor();
  const team = world.team();
  const several = [wide, blue].map((bytes, n) => files().put(`view ${n}.png`, 'image/png', bytes));
  team.say(team.latest, 'Like these?', { attachments: several });
  team.say(team.latest, '', { attachments: [files().put('voice.wav', 'audio/wav', wav(4))] });
  await part(page, 'audio').waitFor();
  await check(page, 'phone-5-files');
  const width = await page.evaluate(
    () => document.getElementById('pocketping')!.shadowRoot!.querySelector('.log')!.scrollWidth,
  );
  expect(width).toBeLessThanOrEqual(390);
});
