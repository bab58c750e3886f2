import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TelegramEmulator } from '@pocketping/emulators';
import { describe, expect, it } from 'vitest';
import { folder, run, runToEnd } from './process.js';

describe('the process', () => {
  it('serves its pages, the widget and the protocol, and stops when asked', async () => {
    const files = folder();
    const playground = await run({ POCKETPING_DB: files.database });
    const get = (path: string, init?: RequestInit) => fetch(playground.url + path, init);
    const pages = ['/', '/shop', '/widget.js', '/stage.css', '/shop.css', '/lamp.svg', '/favicon.svg'];
    for (const path of pages) expect([path, (await get(path)).status]).toEqual([path, 200]);
    expect((await get('/widget.js')).headers.get('content-type')).toContain('javascript');
    expect((await get('/nowhere')).status).toBe(404);
    expect((await get('/../package.json')).status).toBe(404);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
    expect(await (await get('/pocketping/health')).json()).toMatchObject({
      status: 'ok',
      bridges: [{ name: 'telegram', state: 'up' }],
    });
    expect(await playground.stop()).toBe(0);
    files.remove();
  });

  it.each([
    ['with topics', {}, '<code>/close</code>', 'Reply to what the visitor wrote'],
    ['without topics', { TELEGRAM_TOPICS: 'off' }, 'Reply to what the visitor wrote', '<code>/close</code>'],
  ])('says what can be tried %s', async (_, env, does, cannot) => {
    const files = folder();
    const playground = await run({ POCKETPING_DB: files.database, ...env });
    const page = await (await fetch(playground.url)).text();
    expect(page).toContain(does);
    expect(page).not.toContain(cannot);
    await playground.stop();
    files.remove();
  });

  it('talks to the Telegram that the environment names', async () => {
    const files = folder();
    const telegram = await TelegramEmulator.start();
    const playground = await run({
      POCKETPING_DB: files.database,
      TELEGRAM_BOT_TOKEN: telegram.botToken,
      TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId,
      TELEGRAM_API_ROOT: telegram.apiRoot,
    });
    expect(await (await fetch(playground.url)).text()).toContain('Yours is the phone now');
    const post = async (path: string, body: object, token?: string) =>
      (
        await fetch(`${playground.url}/pocketping${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify(body),
        })
      ).json() as Promise<{ sessionId: string; token: string }>;
    const { sessionId, token } = await post('/connect', { visitorId: 'vis_real' });
    await post('/message', { sessionId, content: 'hello, real world' }, token);
    await telegram.waitForMessage(({ text }) => text === 'hello, real world', { timeoutMs: 10_000 });
    await playground.stop();
    await telegram.close();
    files.remove();
  });

  it('shows a phone on which all conversations share a chat, the same one each time', async () => {
    const files = folder();
    const env = { POCKETPING_DB: files.database, TELEGRAM_TOPICS: 'off' };
    const shown: unknown[] = [];
    for (const _ of ['first', 'second']) {
      const playground = await run(env);
      const { bridges } = (await (await fetch(`${playground.url}/pocketping/health`)).json()) as {
        bridges: { name: string; state: string }[];
      };
      const [, chatId] = /phone\?chat=(\d+)"/.exec(await (await fetch(playground.url)).text()) ?? [];
      expect(bridges).toMatchObject([{ name: `telegram-${chatId}`, state: 'up' }]);
      shown.push(chatId);
      await playground.stop();
    }
    expect(shown[0]).toBe(shown[1]);
    files.remove();
  });

  it('says in one line what is wrong', async () => {
    const files = folder();
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    const { port } = taken.address() as AddressInfo;
    const telegram = await TelegramEmulator.start();
    const wrong = {
      POCKETPING_DB: files.database,
      PORT: '0',
      TELEGRAM_BOT_TOKEN: '1:wrong',
      TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId,
      TELEGRAM_API_ROOT: telegram.apiRoot,
    };
    const text = join(files.path, 'text.db');
    writeFileSync(
      text,
      'this is no database, and long enough to be taken for one if nobody looked at it closely',
    );
    const cases: [Record<string, string>, RegExp][] = [
      [{ PORT: '0', POCKETPING_DB: files.path }, /cannot be opened/],
      [{ PORT: '0', POCKETPING_DB: text }, /is not a SQLite database/],
      [{ PORT: '0', POCKETPING_DB: join(text, 'below-a-file.db') }, /cannot be made/],
      [{ PORT: 'x' }, /^PORT is "x"/],
      [{ PORT: String(port), POCKETPING_DB: files.database }, /^Port \d+ is taken/],
      [wrong, /BotFather/],
    ];
    for (const [env, message] of cases) {
      const { code, output } = await runToEnd(env);
      expect([code, output.split('\n').find((line) => message.test(line)) ?? output]).toEqual([
        1,
        expect.stringMatching(message),
      ]);
      expect(output).not.toMatch(/\n\s+at /);
    }
    taken.close();
    await telegram.close();
    files.remove();
  });
});
