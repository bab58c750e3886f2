import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TelegramEmulator } from '@pocketping/emulators';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from './free-port.js';

const root = resolve(import.meta.dirname, '../../..');
const examples = readdirSync(join(root, 'apps')).filter((name) => name.startsWith('example-'));

/** Where each example mounts the handler. */
const mounts: Readonly<Record<string, string>> = { 'example-next': '/api/pocketping' };

/** The commands of a README, as they stand. */
const commandsOf = (example: string): string => {
  const readme = readFileSync(join(root, 'apps', example, 'README.md'), 'utf8');
  const [, ...blocks] = readme.split(/^```sh\n/m);
  expect(blocks, 'one block of commands').toHaveLength(1);
  return blocks[0]?.split('```')[0] as string;
};

describe.each(examples)('the README of %s', (example) => {
  it('has commands that start an app which a visitor and the team talk through', {
    timeout: 180_000,
  }, async () => {
    const telegram = await TelegramEmulator.start();
    onTestFinished(() => telegram.close());
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const commands = withValues(commandsOf(example), {
      TELEGRAM_BOT_TOKEN: telegram.botToken,
      TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId,
      ...(example === 'example-next' && { SITE_URL: origin }),
    });
    const running = runInRoot(commands, { PORT: `${port}`, TELEGRAM_API_ROOT: telegram.apiRoot });

    const call = async (path: string, body?: object, token?: string) => {
      const response = await fetch(`${origin}${mounts[example] ?? '/pocketping'}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(response.status).toBe(200);
      return response.json();
    };
    await running.until(async () => expect(await call('/health')).toMatchObject({ status: 'ok' }));
    const { sessionId, token, seq } = await call('/connect', { visitorId: 'visitor' });
    await call('/message', { sessionId, content: 'Is it in stock?' }, token);
    const asked = await telegram.waitForMessage(({ text }) => text === 'Is it in stock?', {
      timeoutMs: 30_000,
    });
    telegram.operator({ name: 'Ada' }).type(asked.topicId, 'It is!');
    await running.until(async () => {
      const { events } = await call(`/events?sessionId=${sessionId}&after=${seq}`, undefined, token);
      expect(JSON.stringify(events)).toContain('It is!');
    });
  });

  it('starts it as the page about the first message does', () => {
    const command = commandsOf(example).trim().split('\n').at(-1);
    const page = readFileSync(join(root, 'docs/first-message.md'), 'utf8');
    expect(page).toContain(command);
  });
});

it('`npm run example` says which examples there are, if none or an unknown one is asked for', async () => {
  const names = examples.map((name) => name.replace('example-', '')).join(', ');
  for (const [asked, said] of [
    ['', 'Say which example.'],
    [' koa', 'There is no example "koa".'],
  ]) {
    const running = runInRoot(`npm run --silent example${asked}`, {});
    await expect(running.ended).resolves.toBe(1);
    expect(running.printed()).toContain(`${said} There are: ${names}.`);
  }
});

/** What stands behind `NAME=` is an example, and has to stand there. */
const withValues = (commands: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce((text, [name, value]) => {
    expect(text).toMatch(new RegExp(`^export ${name}=`, 'm'));
    return text.replace(new RegExp(`^(export ${name}=).*$`, 'm'), `$1'${value}'`);
  }, commands);

/** Runs commands as someone in a clone's root would, in a shell that stops at the first that fails. */
const runInRoot = (commands: string, env: Readonly<Record<string, string>>) => {
  const temporary = mkdtempSync(join(tmpdir(), 'example-'));
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', ['-e', '-c', commands], {
    cwd: root,
    env: {
      PATH,
      HOME,
      POCKETPING_DB: join(temporary, 'conversations.db'),
      POCKETPING_FILES: join(temporary, 'files'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    // The shell, npm and what they started are one group.
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGTERM');
    await ended;
    rmSync(temporary, { recursive: true });
  });
  return {
    ended,
    printed: () => text,
    /** Tries until it does not throw. Rejects with what was printed when the commands have ended. */
    until: async (attempt: () => Promise<void>): Promise<void> => {
      for (;;) {
        const done = await attempt().then(
          () => true,
          () => false,
        );
        if (done) return;
        const pause = new Promise<'go on'>((resolve) => setTimeout(() => resolve('go on'), 100));
        const code = await Promise.race([ended, pause]);
        if (code !== 'go on') throw new Error(`the commands ended with ${code}:\n${text}`);
      }
    },
  };
};
