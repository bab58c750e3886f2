import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DiscordEmulator, SlackEmulator, TelegramEmulator } from '@pocketping/emulators';
import { describe, expect, it, vi } from 'vitest';
import { folder, type Running, run, runToEnd } from './process.js';

describe('the process', { timeout: 30_000 }, () => {
  it('serves its pages, the widget and the protocol, and stops when asked', async () => {
    const files = folder();
    const playground = await run({ POCKETPING_DB: files.database });
    const get = (path: string, init?: RequestInit) => fetch(playground.url + path, init);
    const widget = ['/widget.js', '/pocketping-chat.js'];
    const pages = ['/', '/shop', ...widget, '/stage.css', '/shop.css', '/lamp.svg', '/favicon.svg'];
    for (const path of pages) expect([path, (await get(path)).status]).toEqual([path, 200]);
    for (const path of widget) expect((await get(path)).headers.get('content-type')).toContain('javascript');
    expect((await get('/nowhere')).status).toBe(404);
    expect((await get('/../package.json')).status).toBe(404);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
    expect(await (await get('/pocketping/health')).json()).toMatchObject({
      status: 'ok',
      bridges: [
        { name: 'telegram', state: 'up' },
        { name: 'discord', state: 'up' },
        { name: 'slack', state: 'up' },
      ],
    });
    expect(await playground.stop()).toBe(0);
    files.remove();
  });

  it.each([
    ['with topics', {}, '<code>/close</code>', 'reply to what the visitor wrote'],
    ['without topics', { TELEGRAM_TOPICS: 'off' }, 'reply to what the visitor wrote', '<code>/close</code>'],
  ])('says what can be tried %s', async (_, env, does, cannot) => {
    const files = folder();
    const playground = await run({ POCKETPING_DB: files.database, ...env });
    const page = await (await fetch(playground.url)).text();
    expect(page).toContain(does);
    expect(page).not.toContain(cannot);
    for (const note of ['/note psst', '!note psst', '@PocketPing note psst'])
      expect(page).toContain(`<code>${note}</code> in `);
    await playground.stop();
    files.remove();
  });

  it('talks to the Telegram that the environment names, and to no other platform', async () => {
    const files = folder();
    const telegram = await TelegramEmulator.start();
    const playground = await run({
      POCKETPING_DB: files.database,
      TELEGRAM_BOT_TOKEN: telegram.botToken,
      TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId,
      TELEGRAM_API_ROOT: telegram.apiRoot,
    });
    const page = await (await fetch(playground.url)).text();
    expect(page).toContain('Yours is the phone now');
    expect(page.match(/<figcaption>.*<\/figcaption>/g)).toEqual([
      '<figcaption><b>Telegram</b> <span>your own phone</span></figcaption>',
    ]);
    await ask(playground, 'hello, real world');
    await telegram.waitForMessage(({ text }) => text === 'hello, real world', { timeoutMs: 10_000 });
    await playground.stop();
    await telegram.close();
    files.remove();
  });

  it('talks to the Discord and the Slack that the environment names', async () => {
    const files = folder();
    const [discord, slack] = await Promise.all([DiscordEmulator.start(), SlackEmulator.start()]);
    const playground = await run({
      POCKETPING_DB: files.database,
      DISCORD_BOT_TOKEN: discord.botToken,
      DISCORD_CHANNEL_ID: discord.channelId,
      DISCORD_API_ROOT: discord.apiRoot,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_CHANNEL_ID: slack.channelId,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    });
    const page = await (await fetch(playground.url)).text();
    expect(page.match(/<figcaption>.*<\/figcaption>/g)).toEqual([
      '<figcaption><b>Discord</b> <span>your own phone</span></figcaption>',
      '<figcaption><b>Slack</b> <span>your own phone</span></figcaption>',
    ]);
    expect(page).not.toContain('/phone');
    await ask(playground, 'hello, both of you');
    const posted = ({ text }: { text: string }) => text.includes('hello, both of you');
    await Promise.all([
      discord.waitForMessage(posted, { timeoutMs: 10_000 }),
      slack.waitForMessage(posted, { timeoutMs: 10_000 }),
    ]);
    await playground.stop();
    await Promise.all([discord.close(), slack.close()]);
    files.remove();
  });

  it('talks to the chat without topics that the environment names', async () => {
    const files = folder();
    const telegram = await TelegramEmulator.start();
    const chatId = telegram.addChat({ type: 'private', person: { name: 'Ada' } });
    const playground = await run({
      POCKETPING_DB: files.database,
      TELEGRAM_BOT_TOKEN: telegram.botToken,
      TELEGRAM_CHAT_ID: chatId,
      TELEGRAM_API_ROOT: telegram.apiRoot,
    });
    const sees = await ask(playground, 'hello, Ada');
    const asked = await telegram
      .chat(chatId)
      .waitForMessage(({ text }) => text.includes('hello, Ada'), { timeoutMs: 10_000 });
    telegram.operator({ name: 'Ada' }).in(chatId).say('hello, visitor', { replyTo: asked.id });
    await vi.waitFor(async () => expect(await sees()).toContain('hello, visitor'), { timeout: 10_000 });
    await playground.stop();
    await telegram.close();
    files.remove();
  });

  it('is called by the Slack whose signing secret the environment names', async () => {
    const files = folder();
    const slack = await SlackEmulator.start();
    const playground = await run({
      POCKETPING_DB: files.database,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_CHANNEL_ID: slack.channelId,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
    });
    slack.setRequestUrl(`${playground.url}/pocketping/webhooks/slack`);
    expect(await slack.verifyRequestUrl()).toBe(true);
    const sees = await ask(playground, 'hello, Cleo');
    const { threadTs } = await slack.waitForMessage(({ text }) => text.includes('hello, Cleo'), {
      timeoutMs: 10_000,
    });
    slack.operator({ name: 'Cleo' }).type(threadTs as string, 'hello, visitor');
    await vi.waitFor(async () => expect(await sees()).toContain('hello, visitor'), { timeout: 10_000 });
    expect(slack.socketMode.connections).toBe(0);
    await playground.stop();
    await slack.close();
    files.remove();
  });

  it('puts the phones on the ports after its own, or where one is taken, elsewhere', async () => {
    const files = folder();
    const { port, release } = await fourInARow();
    const taken = createServer();
    release();
    await new Promise<void>((listening) => taken.listen(port + 2, '127.0.0.1', listening));
    const playground = await run({ POCKETPING_DB: files.database, PORT: String(port) });
    const page = await (await fetch(playground.url)).text();
    const ports = [...page.matchAll(/127\.0\.0\.1:(\d+)\/phone/g)].map(([, found]) => Number(found));
    expect([ports[0], ports[2]]).toEqual([port + 1, port + 3]);
    expect([port, port + 1, port + 2, port + 3]).not.toContain(ports[1]);
    await playground.stop();
    taken.close();
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
      expect(bridges).toContainEqual(expect.objectContaining({ name: `telegram-${chatId}`, state: 'up' }));
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
    const broken = join(files.path, 'broken.db');
    writeFileSync(`${broken}.slack.json`, '{"broken');
    const cases: [Record<string, string>, RegExp][] = [
      [{ PORT: '0', POCKETPING_DB: files.path }, /cannot be opened/],
      [{ PORT: '0', POCKETPING_DB: text }, /is not a SQLite database/],
      [{ PORT: '0', POCKETPING_DB: join(text, 'below-a-file.db') }, /cannot be made/],
      [{ PORT: '0', POCKETPING_DB: broken }, /broken\.db\.slack\.json is damaged.* move it away/],
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

/** A visitor writes. @returns what they see of the conversation since */
const ask = async ({ url }: Running, content: string): Promise<() => Promise<string[]>> => {
  const call = async (path: string, { token, body }: { token?: string; body?: object }) =>
    (
      await fetch(`${url}/pocketping${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        ...(body && { body: JSON.stringify(body) }),
      })
    ).json() as Promise<{ sessionId: string; token: string; messages: { content: string }[] }>;
  const { sessionId, token } = await call('/connect', { body: { visitorId: 'vis_real' } });
  await call('/message', { token, body: { sessionId, content } });
  return async () =>
    (await call(`/messages?sessionId=${sessionId}`, { token })).messages.map((message) => message.content);
};

/** Four ports side by side that nobody uses; they are held until they are released. */
const fourInARow = async (): Promise<{ port: number; release: () => void }> => {
  for (;;) {
    const servers: Server[] = [];
    const release = () => {
      for (const server of servers) server.close();
    };
    const hold = (at: number) =>
      new Promise<number>((held, failed) => {
        const server = createServer();
        servers.push(server);
        server.once('error', failed);
        server.listen(at, '127.0.0.1', () => held((server.address() as AddressInfo).port));
      });
    try {
      const port = await hold(0);
      for (const after of [1, 2, 3]) await hold(port + after);
      return { port, release };
    } catch {
      release();
    }
  }
};
