import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { frames, PLATFORMS, withBrowser } from './browser.js';
import { folder, run } from './process.js';

const browser = withBrowser();

it('kill the process and start it again: the conversation goes on', async () => {
  const files = folder();
  const first = await run({ POCKETPING_DB: files.database });
  const context = await browser().newContext();
  const page = await context.newPage();
  await page.goto(first.url);
  const { widget, phone, phones } = frames(page);
  await widget.open();
  await widget.write('before');
  for (const platform of PLATFORMS) await phones[platform].sees('before');
  await phone.write('answered');
  await widget.sees('answered');
  for (const platform of PLATFORMS) await phones[platform].sees('answered');

  // The phones stand in for other companies' servers, which do not die with ours: they write 30 ms behind.
  for (const name of ['phone', 'discord', 'slack'])
    await expect.poll(() => readFileSync(`${files.database}.${name}.json`, 'utf8')).toContain('answered');
  await first.stop('SIGKILL');
  await widget.write('while it is down');
  await widget.by('pp-notice').waitFor();

  const second = await run({ POCKETPING_DB: files.database, PORT: first.port });
  await widget.sees('while it is down', 'delivered');
  await page.reload();
  await widget.open();
  // On each phone in the thread that it had: what was said before stands there, too, once.
  for (const platform of PLATFORMS) await phones[platform].sees('while it is down');
  await phone.write('and on it goes');
  await phones.discord.write('as ever');
  await phones.slack.write('in the same threads');
  const texts = [
    'before',
    'answered',
    'while it is down',
    'and on it goes',
    'as ever',
    'in the same threads',
  ];
  for (const text of texts) {
    await widget.sees(text);
    for (const platform of PLATFORMS) await phones[platform].sees(text);
  }
  for (const text of texts) {
    const counts = await Promise.all(PLATFORMS.map((platform) => phones[platform].count(text)));
    expect([text, await widget.count(text), ...counts]).toEqual([text, 1, 1, 1, 1]);
  }
  await context.close();
  expect(await second.stop('SIGINT')).toBe(0);
  files.remove();
});
