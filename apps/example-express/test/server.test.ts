import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TelegramEmulator } from '@pocketping/emulators';
import { expect, it, onTestFinished } from 'vitest';

const app = fileURLToPath(new URL('..', import.meta.url));

it('twenty lines answer a visitor from Telegram', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const telegram = await TelegramEmulator.start();
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: app,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      POCKETPING_DB: join(folder, 'conversations.db'),
      POCKETPING_FILES: join(folder, 'files'),
      TELEGRAM_BOT_TOKEN: telegram.botToken,
      TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId,
      TELEGRAM_API_ROOT: telegram.apiRoot,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill();
    await telegram.close();
    rmSync(folder, { recursive: true });
  });
  let printed = '';
  const prints = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const [found] = pattern.exec(printed) ?? [];
        if (found) resolve(found);
      };
      child.stdout.on('data', look);
      look();
    });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });

  const url = `http://127.0.0.1:${(await prints(/port: \d+/)).slice(6)}`;
  expect(await (await fetch(url)).text()).toContain('data-endpoint="/pocketping"');
  for (const script of ['pocketping.js', 'pocketping-chat.js'])
    expect((await fetch(`${url}/widget/${script}`)).headers.get('content-type')).toContain('javascript');
  const call = async (method: string, path: string, body?: object, token?: string) => {
    const response = await fetch(`${url}/pocketping${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(response.status).toBe(200);
    return response.json();
  };
  const { sessionId, token, seq } = await call('POST', '/connect', { visitorId: 'vis_example' });
  await call('POST', '/message', { sessionId, content: 'Is it in stock?' }, token);
  const asked = await telegram.waitForMessage(({ text }) => text === 'Is it in stock?', {
    timeoutMs: 10_000,
  });
  telegram.operator({ name: 'Ada' }).type(asked.topicId, 'It is!');
  await prints(/operator wrote/);
  const { events } = await call('GET', `/events?sessionId=${sessionId}&after=${seq}`, undefined, token);
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'message',
      data: expect.objectContaining({ sender: 'operator', senderName: 'Ada', content: 'It is!' }),
    }),
  );
});
