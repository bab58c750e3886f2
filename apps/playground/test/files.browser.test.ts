import { expect, it } from 'vitest';
import { onStage, PLATFORMS, picture, withBrowser } from './browser.js';

const browser = withBrowser();

/** A picture of 32 × 24 pixels, drawn in the browser. */
const draw = (colour: string): string => `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const brush = canvas.getContext('2d');
  brush.fillStyle = '${colour}';
  brush.fillRect(0, 0, 320, 240);
  return canvas.toDataURL('image/png').split(',')[1];
})()`;

const begin = async () => {
  const { page, widget, phones, done } = await onStage(browser());
  await widget.open();
  const image = async (name: string, colour: string) => ({
    name,
    mimeType: 'image/png',
    buffer: Buffer.from((await page.evaluate(draw(colour))) as string, 'base64'),
  });
  return { page, widget, phones, image, done };
};

it('what the visitor sends is on every phone: a picture as a picture, a document by its name', async () => {
  const { page, widget, phones, image, done } = await begin();
  await widget
    .by('pp-files')
    .setInputFiles([
      await image('lamp.png', '#c96'),
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

it.each(PLATFORMS)(
  'what the team sends from %s is in the widget and on the other phones',
  async (platform) => {
    const { page, widget, phones, image, done } = await begin();
    await widget.write('What does it look like?');
    for (const each of PLATFORMS) await phones[each].sees('What does it look like?');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      phones[platform].by('conversation').getByTestId('phone-attach').click(),
    ]);
    await chooser.setFiles([await image('in blue.png', '#36c')]);
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
