import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { discord, slack, telegram } from './platforms.js';
import { freePort, type Running, run, runToEnd, temporary } from './process.js';
import { call, PICTURE, visitor } from './visitor.js';

const WITHIN = { timeout: 15_000 };

/** Resolves when no bridge is still starting. */
const settled = (server: Running) =>
  vi.waitFor(async () => {
    const health = await server.health();
    expect(health.bridges.filter(({ state }) => state === 'starting')).toEqual([]);
    return health;
  }, WITHIN);

describe('the server', { timeout: 60_000 }, () => {
  it('is up in less than two seconds, with all three platforms', async () => {
    const [t, d, s] = await Promise.all([telegram(), discord(), slack()]);
    const took: number[] = [];
    // The best of three: what else the machine does meanwhile is no matter of ours.
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      const server = await run({ ...t.env, ...d.env, ...s.env });
      expect((await call(`${server.url}/health`)).status).toBe(200);
      took.push(performance.now() - began);
      expect(await server.stop()).toBe(0);
    }
    expect(Math.min(...took)).toBeLessThan(2000);
  });

  it('shows on each platform what a visitor writes and brings, and them what the team replies', async () => {
    const [t, d, s] = await Promise.all([telegram(), discord(), slack()]);
    const server = await run({ ...t.env, ...d.env, ...s.env });
    const mia = await visitor(server.url, { metadata: { url: 'https://www.example.com/lamps' } });
    await mia.send('Is the brass lamp in stock?');
    const [onTelegram, onDiscord, onSlack] = await Promise.all(
      [t, d, s].map(({ shows }) => shows('Is the brass lamp in stock?')),
    );
    t.emulator.operator({ name: 'Ada' }).type((onTelegram as { topicId: number }).topicId, 'Yes, says Ada');
    d.emulator.operator('Bea').type((onDiscord as { channelId: string }).channelId, 'Yes, says Bea');
    s.emulator.operator({ name: 'Cleo' }).type((onSlack as { threadTs: string }).threadTs, 'Yes, says Cleo');
    await vi.waitFor(async () => {
      expect((await mia.sees()).toSorted()).toEqual([
        'Is the brass lamp in stock?',
        'Yes, says Ada',
        'Yes, says Bea',
        'Yes, says Cleo',
      ]);
    }, WITHIN);
    await Promise.all([t.shows('Yes, says Cleo'), d.shows('Yes, says Ada'), s.shows('Yes, says Bea')]);

    const id = await mia.upload('lamp.png', PICTURE);
    await mia.send('This one', [id]);
    await Promise.all([d.shows('This one'), s.shows('This one')]);
    await vi.waitFor(() => {
      const files = t.emulator.calls.filter(({ method }) => /^send(Photo|Document)$/.test(method));
      expect(files).toHaveLength(1);
    }, WITHIN);
    const { attachments } = (await mia.messages()).at(-1);
    expect(attachments).toMatchObject([{ name: 'lamp.png', mimeType: 'image/png', size: PICTURE.length }]);
    const served = await fetch(new URL(attachments[0].url.replace(/^\//, ''), `${server.url}/`));
    expect(Buffer.from(await served.arrayBuffer())).toEqual(PICTURE);
    expect(await settled(server)).toMatchObject({ status: 'ok' });
    expect(await server.stop()).toBe(0);
  });

  it('goes on where it stopped', async () => {
    const t = await telegram();
    const folder = temporary();
    const first = await run(t.env, folder);
    await (await visitor(first.url)).send('before');
    await t.shows('before');
    expect(await first.stop('SIGINT')).toBe(0);
    const second = await run(t.env, folder);
    await settled(second);
    await (await visitor(second.url)).send('after');
    await t.shows('after');
    expect(t.emulator.topics().filter(({ id }) => id !== 1)).toHaveLength(2);
  });

  it('runs with the bridges that work, and says which does not', async () => {
    const [t, d, s] = await Promise.all([telegram(), discord(), slack()]);
    const server = await run({
      ...t.env,
      ...d.env,
      DISCORD_BOT_TOKEN: 'MTAwMDAw.Gwrong.wrong-wrong-wrong',
      ...s.env,
      SLACK_CHANNEL_ID: '',
    });
    await (await visitor(server.url)).send('anybody?');
    await t.shows('anybody?');
    expect(await settled(server)).toEqual({
      status: 'degraded',
      bridges: [
        expect.objectContaining({ name: 'telegram', state: 'up' }),
        { name: 'discord', state: 'paused', backlog: 1, reason: 'unauthorized' },
        { name: 'slack', state: 'stopped', backlog: 0, reason: 'misconfigured' },
      ],
    });
    const said = (pattern: RegExp) => server.log().filter(({ msg }) => pattern.test(msg));
    expect(said(/discord is paused: .* set DISCORD_BOT_TOKEN to what it shows/)).toHaveLength(1);
    expect(said(/SLACK_CHANNEL_ID is not: set it to the id/)).toHaveLength(1);
    expect(said(/slack is left out/)).toHaveLength(1);
    await vi.waitFor(() => {
      const sum =
        'the team answers from: telegram up, discord paused (unauthorized), slack left out (misconfigured)';
      expect(server.log().map(({ msg }) => msg)).toContain(sum);
    }, WITHIN);
    for (const secret of ['Gwrong', ...Object.values(t.env).slice(0, 1), s.env.SLACK_BOT_TOKEN as string])
      expect(server.output()).not.toContain(secret);
  });

  it('leaves out a bridge whose settings its platform could never take', async () => {
    const server = await run({ TELEGRAM_BOT_TOKEN: 'no-token', TELEGRAM_FORUM_CHAT_ID: '-1001234567890' });
    expect(await server.health()).toMatchObject({ bridges: [{ name: 'telegram', reason: 'misconfigured' }] });
    const [problem] = server.log().filter(({ concerns }) => concerns === 'telegram');
    expect(problem?.msg).toMatch(/^TELEGRAM_BOT_TOKEN does not look like a bot token/);
    expect(server.output()).not.toContain('no-token');
  });

  it('takes Telegram’s calls, and nobody else’s', async () => {
    const t = await telegram();
    const port = await freePort();
    const server = await run({
      ...t.env,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_WEBHOOK: 'on',
      TELEGRAM_WEBHOOK_SECRET: 'only-we-two-know',
    });
    const mia = await visitor(server.url);
    await mia.send('hello');
    const { topicId } = await t.shows('hello');
    const before = t.emulator.updates().length;
    t.emulator.operator({ name: 'Ada' }).type(topicId, 'through the webhook');
    await vi.waitFor(async () => expect(await mia.sees()).toContain('through the webhook'), WITHIN);
    const [update] = t.emulator.updates().slice(before);
    const forged = structuredClone(update) as {
      update_id: number;
      message: { text: string; message_id: number };
    };
    forged.update_id += 1000;
    forged.message.message_id += 1000;
    forged.message.text = 'from a stranger';
    const deliver = (secret?: string) =>
      call(`${server.url}/webhooks/telegram`, {
        body: forged,
        headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
      });
    expect((await deliver('wrong')).status).toBe(401);
    expect((await deliver()).status).toBe(401);
    expect(await mia.sees()).not.toContain('from a stranger');
    expect((await deliver('only-we-two-know')).status).toBe(200);
    await vi.waitFor(async () => expect(await mia.sees()).toContain('from a stranger'), WITHIN);
  });

  it('has one address for Telegram to call, also with chats without topics', async () => {
    const t = await telegram();
    const port = await freePort();
    const chat = t.emulator.addChat({ type: 'private', person: { name: 'Ada' } });
    const server = await run({
      ...t.at,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_WEBHOOK: 'on',
      TELEGRAM_CHAT_ID: chat,
    });
    const mia = await visitor(server.url);
    await mia.send('hello');
    const asked = await t.emulator
      .chat(chat)
      .waitForMessage(({ text }) => text.includes('hello'), { timeoutMs: 15_000 });
    t.emulator.operator({ name: 'Ada' }).in(chat).say('through the webhook', { replyTo: asked.id });
    await vi.waitFor(async () => expect(await mia.sees()).toContain('through the webhook'), WITHIN);
  });

  it('takes Slack’s calls, and nobody else’s', async () => {
    const s = await slack();
    const server = await run({ ...s.bot, SLACK_SIGNING_SECRET: s.emulator.signingSecret });
    s.emulator.setRequestUrl(`${server.url}/webhooks/slack`);
    expect(await s.emulator.verifyRequestUrl()).toBe(true);
    const mia = await visitor(server.url);
    await mia.send('hello');
    const { threadTs } = await s.shows('hello');
    s.emulator.operator({ name: 'Cleo' }).type(threadTs as string, 'through the webhook');
    await vi.waitFor(async () => expect(await mia.sees()).toContain('through the webhook'), WITHIN);
    const forged = await call(`${server.url}/webhooks/slack`, {
      body: { type: 'url_verification', challenge: 'let me in' },
      headers: {
        'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
        'x-slack-signature': `v0=${'0'.repeat(64)}`,
      },
    });
    expect([forged.status, forged.body]).toEqual([401, expect.not.stringContaining('let me in')]);
    const other = await call(`${server.url}/webhooks/telegram`, { body: {} });
    expect(other.status).toBe(404);
  });

  it('shows what it is, and how to embed the widget, which it serves', async () => {
    const { url } = await run();
    const page = await call(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const script = `${url}/widget/pocketping.js`;
    expect(page.body).toContain(
      `&#60;script src=&#34;${script}&#34; data-endpoint=&#34;${url}&#34; defer&#62;`,
    );
    const served = await call(script);
    expect(served.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(served.headers.get('cache-control')).toBe('no-cache');
    expect(served.body).toContain('PocketPing');
    // Whatever else it loads from beside itself is there too.
    for (const [name] of served.body.matchAll(/pocketping-[\w-]+\.js(\?v=\w+)?/g)) {
      const loaded = await call(`${url}/widget/${name}`);
      expect([name, loaded.status]).toEqual([name, 200]);
    }
    expect((await call(`${script}?v=1`)).headers.get('cache-control')).toContain('immutable');
    const etag = served.headers.get('etag') as string;
    expect((await call(script, { headers: { 'if-none-match': etag } })).status).toBe(304);
    for (const path of [
      '/widget/',
      '/widget/index.js',
      '/widget/../package.json',
      '/widget/%2e%2e/main.js',
      '/nowhere',
    ])
      expect([path, (await call(url + path)).status]).toEqual([path, 404]);
    expect((await call(url, { method: 'POST', body: {} })).status).toBe(404);
    expect(await pageFor(url, '"><script>alert(1)</script>')).not.toContain('<script>alert');
  });

  it('lets go of open streams and finishes what runs when it is asked to stop', async () => {
    const server = await run();
    const mia = await visitor(server.url);
    const authorization = `Bearer ${mia.connected.token}`;
    const stream = await fetch(`${server.url}/stream?sessionId=${mia.sessionId}`, {
      headers: { authorization },
    });
    const waiting = call(
      `${server.url}/events?sessionId=${mia.sessionId}&after=${mia.connected.seq}&wait=25`,
      {
        headers: { authorization },
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const began = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(8000);
    expect((await waiting).status).toBe(200);
    await stream.text();
  });

  it('ends with 1 and says in one line what is wrong, where that concerns the server', async () => {
    const folder = temporary();
    const text = join(folder, 'text.db');
    writeFileSync(
      text,
      'this is no database, and long enough to be taken for one if nobody looked at it closely',
    );
    const taken = createServer().listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(taken.listening).toBe(true));
    const { port } = taken.address() as { port: number };
    const cases: [Record<string, string>, RegExp][] = [
      [{ PORT: 'x' }, /^PORT is "x"/],
      [{ PORT: String(port) }, /^PORT \d+ is taken/],
      [{ HOST: '203.0.113.1' }, /^HOST is "203.0.113.1"/],
      [{ POCKETPING_DB: folder }, /cannot be opened/],
      [{ POCKETPING_DB: text }, /is not a SQLite database/],
      [{ POCKETPING_DB: join(text, 'below-a-file.db') }, /^The folder of POCKETPING_DB .* cannot be made/],
      [{ POCKETPING_FILES: text }, /text\.db/],
      [{ ALLOWED_ORIGIN: 'https://www.example.com' }, /ALLOWED_ORIGINS is meant/],
    ];
    for (const [env, message] of cases) {
      const { code, log, output } = await runToEnd(env, folder);
      const errors = log.filter(({ level }) => level === 'error').map(({ msg }) => msg);
      expect([code, errors.find((line) => message.test(line)) ?? output]).toEqual([
        1,
        expect.stringMatching(message),
      ]);
      expect(output).not.toMatch(/\n\s+at /);
    }
    taken.close();
  });
});

/** The page, as it is for whoever names that host. */
const pageFor = async (url: string, host: string): Promise<string> => {
  const [response] = (await once(request(url, { headers: { host } }).end(), 'response')) as [IncomingMessage];
  return (await response.setEncoding('utf8').toArray()).join('');
};
