import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { visitorIsAnswered } from './answering.js';

it('answers a visitor in the widget from Telegram, over a WebSocket', async () => {
  const { page, origin } = await visitorIsAnswered({
    folder: fileURLToPath(new URL('..', import.meta.url)),
    start: ['dist/server.js'],
    port: /port: (\d+)/,
  });
  expect(await (await fetch(`${origin}/pocketping/health`)).json()).toMatchObject({ status: 'ok' });
  const socket = page.waitForEvent('websocket');
  await page.reload();
  await page.getByTestId('pp-launcher').click();
  expect((await socket).url()).toContain('/pocketping/stream');
  await page.getByTestId('pp-message').filter({ hasText: 'It is!' }).waitFor();
});
