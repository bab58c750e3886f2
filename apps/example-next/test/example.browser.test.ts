import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { visitorIsAnswered } from '../../example-express/test/answering.js';

const CRON_SECRET = 'a secret of the cron and nobody else';

it('answers a visitor in the widget from Telegram, without WebSockets', { timeout: 120_000 }, async () => {
  const port = await freePort();
  const { page, origin } = await visitorIsAnswered({
    folder: fileURLToPath(new URL('..', import.meta.url)),
    start: [
      createRequire(import.meta.url).resolve('next/dist/bin/next'),
      'start',
      '-H',
      '127.0.0.1',
      '-p',
      `${port}`,
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

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
