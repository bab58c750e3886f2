import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { frames, withBrowser } from './browser.js';
import { folder, run } from './process.js';

const browser = withBrowser();

it('kill the process and start it again: the conversation goes on', async () => {
  const files = folder();
  const first = await run({ POCKETPING_DB: files.database });
  const context = await browser().newContext();
  const page = await context.newPage();
  await page.goto(first.url);
  const { widget, phone } = frames(page);
  await widget.open();
  await widget.write('before');
  await phone.sees('before');
  await phone.write('answered');
  await widget.sees('answered');

  // The phone stands in for another company's servers, which do not die with ours: it writes 30 ms behind.
  await expect.poll(() => readFileSync(`${files.database}.phone.json`, 'utf8')).toContain('answered');
  await first.stop('SIGKILL');
  await widget.write('while it is down');
  await widget.by('pp-notice').waitFor();

  const second = await run({ POCKETPING_DB: files.database, PORT: first.port });
  await widget.sees('while it is down', 'delivered');
  await page.reload();
  await widget.open();
  await phone.sees('while it is down');
  await phone.write('and on it goes');
  await widget.sees('and on it goes');
  for (const text of ['before', 'answered', 'while it is down', 'and on it goes']) {
    expect([text, await widget.count(text), await phone.count(text)]).toEqual([text, 1, 1]);
  }
  await context.close();
  expect(await second.stop('SIGINT')).toBe(0);
  files.remove();
});
