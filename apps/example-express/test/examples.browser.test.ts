import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { visitorIsAnswered } from './answering.js';
import { freePort } from './free-port.js';

/** All examples are tried here: what tries them is the same. */
const folderOf = (framework: string) => fileURLToPath(new URL(`../../example-${framework}`, import.meta.url));

const CRON_SECRET = 'a secret of the cron and nobody else';

it.each([
  ['express', /port: (\d+)/],
  ['fastify', /127\.0\.0\.1:(\d+)/],
])(
  'the example of %s answers a visitor in the widget from Telegram, over a WebSocket',
  async (name, port) => {
    const { page, origin } = await visitorIsAnswered({
      folder: folderOf(name),
      start: ['dist/server.js'],
      port,
    });
    expect(await (await fetch(`${origin}/pocketping/health`)).json()).toMatchObject({ status: 'ok' });
    const socket = page.waitForEvent('websocket');
    await page.reload();
    await page.getByTestId('pp-launcher').click();
    expect((await socket).url()).toContain('/pocketping/stream');
    await page.getByTestId('pp-message').filter({ hasText: 'It is!' }).waitFor();
  },
);

it('the example of Next.js does so without WebSockets, and a cron finds nothing left', async () => {
  const folder = folderOf('next');
  const port = `${await freePort()}`;
  const { page, origin } = await visitorIsAnswered({
    folder,
    start: [
      createRequire(`${folder}/`).resolve('next/dist/bin/next'),
      'start',
      '-H',
      '127.0.0.1',
      '-p',
      port,
    ],
    env: { SITE_URL: `http://127.0.0.1:${port}`, CRON_SECRET, NEXT_TELEMETRY_DISABLED: '1' },
    port: /127\.0\.0\.1:(\d+)[\s\S]*Ready/,
  });
  const drain = (secret: string) =>
    fetch(`${origin}/api/pocketping/drain`, { headers: { authorization: `Bearer ${secret}` } });
  expect((await drain('a secret that somebody has guessed')).status).toBe(401);
  expect(await (await drain(CRON_SECRET)).json()).toMatchObject({ left: 0, bridges: [{ name: 'telegram' }] });

  await page.reload();
  await page.getByTestId('pp-launcher').click();
  await page.getByTestId('pp-message').filter({ hasText: 'It is!' }).waitFor();
});
