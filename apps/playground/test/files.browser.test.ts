import { expect, it } from 'vitest';
import { onStage, PLATFORMS, picture, withBrowser } from './browser.js';
import { bytesOf, type ChosenFile, choose, drawn, filesIn, sampleOf } from './media.js';

const browser = withBrowser();

const begin = async () => {
  const { page, widget, phones, done } = await onStage(browser());
  await widget.open();
  return { page, widget, phones, done };
};

/** A conversation that is on every phone. */
const inTalk = async () => {
  const all = await begin();
  const { widget, phones } = all;
  await widget.write('What does it look like?');
  for (const each of PLATFORMS) await phones[each].sees('What does it look like?');
  return all;
};

it('what the visitor sends is on every phone: a picture as a picture, a document by its name', async () => {
  const { page, widget, phones, done } = await begin();
  await widget
    .by('pp-files')
    .setInputFiles([
      await drawn(page, 'lamp.png', '#c96'),
      { name: 'Rechnung März.txt', mimeType: 'text/plain', buffer: Buffer.from('Eine Lampe, 42 €') },
    ]);
  await widget.write('This one, please');
  await widget.sees('This one, please', 'delivered');
  for (const platform of PLATFORMS) {
    const { by, sees } = phones[platform];
    await sees('This one, please');
    const shown = by('conversation').getByTestId('phone-picture').locator('img');
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
    await by('conversation').getByText('Rechnung März.txt').first().waitFor();
  }
  await picture(page, '30-files-of-the-visitor');
  await done();
});

it('what the visitor sends at once is on every phone in its order, to the byte', async () => {
  const { page, widget, phones, done } = await begin();
  const files = [
    await drawn(page, 'red.png', '#c33'),
    sampleOf('pdf'),
    await drawn(page, 'green.jpg', '#3c3', 'image/jpeg'),
    sampleOf('mp4'),
    sampleOf('mp3'),
    await drawn(page, 'blue.webp', '#33c', 'image/webp'),
    sampleOf('zip'),
  ];
  await widget.by('pp-files').setInputFiles(files.map((file) => ({ ...file })));
  await widget.write('All of these');
  await widget.sees('All of these', 'delivered');
  for (const platform of PLATFORMS) {
    await phones[platform].sees('All of these');
    const seen = () => filesIn(phones[platform].by('conversation'));
    await expect.poll(async () => (await seen()).map(({ base64 }) => base64)).toEqual(files.map(bytesOf));
  }
  await picture(page, '32-several-files-of-the-visitor');
  await done();
});

it.each(PLATFORMS)(
  'what the team sends from %s is in the widget and on the other phones',
  async (platform) => {
    const { page, widget, phones, done } = await inTalk();
    await choose(page, phones[platform], [await drawn(page, 'in blue.png', '#36c')]);
    const shown = widget.by('pp-image').locator('img');
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
    for (const other of PLATFORMS.filter((each) => each !== platform)) {
      const there = phones[other].by('conversation').getByTestId('phone-picture').locator('img');
      await expect.poll(() => there.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
    }
    await picture(page, `31-file-from-${platform}`);
    await done();
  },
);

it.each(PLATFORMS)('several files at once from %s keep their order in the widget', async (platform) => {
  const { page, widget, phones, done } = await inTalk();
  const album = await Promise.all(
    ['#c33', '#3c3', '#33c', '#cc3'].map((colour, n) => drawn(page, `${n}.png`, colour)),
  );
  await choose(page, phones[platform], album);
  const shown = widget.by('pp-image').locator('img');
  await expect.poll(() => shown.count()).toBe(album.length);
  const seen = () => filesIn(widget.log);
  await expect.poll(async () => (await seen()).map(({ base64 }) => base64)).toEqual(album.map(bytesOf));
  await picture(page, `33-album-from-${platform}`);
  await done();
});

/** How each kind is sent from each phone, and what the widget is handed: what its page chooses the kind of, it is not told. */
const KINDS: Readonly<
  Record<(typeof PLATFORMS)[number], readonly (readonly [file: ChosenFile, type: string, kind?: string])[]>
> = {
  telegram: [
    [sampleOf('mp4'), 'video/mp4'],
    [sampleOf('mp3'), 'audio/mpeg'],
    [sampleOf('gif'), 'image/gif'],
    [sampleOf('pdf'), 'application/pdf'],
    [sampleOf('ogg'), 'audio/ogg', 'voice'],
    [sampleOf('mp4'), 'video/mp4', 'video_note'],
    [sampleOf('webp'), 'image/webp', 'sticker'],
    [sampleOf('webm'), 'video/webm', 'sticker'],
    [sampleOf('jpeg'), 'image/jpeg', 'document'],
  ],
  discord: [
    [sampleOf('mp4'), 'video/mp4'],
    [sampleOf('mp3'), 'audio/mpeg'],
    [sampleOf('gif'), 'image/gif'],
    [sampleOf('pdf'), 'application/pdf'],
    [sampleOf('ogg'), 'audio/ogg', 'voice'],
  ],
  slack: [
    [sampleOf('mp4'), 'video/mp4'],
    [sampleOf('mp3'), 'audio/mpeg'],
    [sampleOf('gif'), 'image/gif'],
    [sampleOf('pdf'), 'application/pdf'],
    [{ ...sampleOf('webm'), name: 'audio_message.webm', mimeType: 'audio/webm' }, 'audio/webm', 'audio'],
    [sampleOf('webm'), 'video/webm', 'video'],
  ],
};

it.each(PLATFORMS)('each kind of file that people send from %s reaches the widget', async (platform) => {
  const { page, widget, phones, done } = await inTalk();
  const kinds = KINDS[platform];
  for (const [file, , kind] of kinds) await choose(page, phones[platform], [file], kind);
  const seen = () => filesIn(widget.log);
  await expect.poll(seen).toEqual(kinds.map(([file, type]) => ({ type, base64: bytesOf(file) })));
  await picture(page, `34-kinds-from-${platform}`);
  await done();
});
