import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TelegramBridge } from '../../../../packages/bridge-telegram/src/index.ts';
import { PocketPing } from '../../../../packages/core/src/index.ts';
import { SqliteStorage } from '../../../../packages/storage-sqlite/src/index.ts';
import { recordingLogger } from '../../../../packages/testing/src/index.ts';
import { root } from '../../../workspace.mjs';
import { atEnd, engine, temporary } from './house.mjs';
import { isOnThePage } from './page.mjs';

describe('the page has what the engine says', () => {
  it('without a storage', () => {
    const logger = recordingLogger();
    new PocketPing({ logger });
    isOnThePage(logger.lines[0].message);
  });

  it('with a storage that lacks methods', () => {
    const storage = { createSession() {}, getSession() {}, getMessages() {} };
    expect(() => engine({ storage })).toThrow(
      expect.toSatisfy(({ message }) => isOnThePage(message) === undefined),
    );
  });

  it('where the database cannot be opened, or is none', async () => {
    const folder = temporary();
    writeFileSync(join(folder, 'letter.db'), 'Dear database,'.repeat(100));
    for (const file of [folder, join(folder, 'letter.db')]) {
      const { pp } = engine({ storage: new SqliteStorage({ file }) });
      isOnThePage((await pp.start().catch((error) => error)).message);
    }
  });

  it('where a handler fails', async () => {
    const { pp, logged } = engine({
      onSessionStart() {
        throw new Error('no');
      },
    });
    await pp.conversation.connect({ visitorId: 'browser-1' }, {});
    await vi.waitFor(() => isOnThePage(logged().find((message) => message.includes('onSessionStart'))));
  });

  it('where two bridges have one name', () => {
    const bridge = () => new TelegramBridge({ botToken: '1:a', forumChatId: '-1001234567890' });
    expect(() => engine({ bridges: [bridge(), bridge()] })).toThrow(
      expect.toSatisfy(({ message }) => isOnThePage(message) === undefined),
    );
  });
});

describe('the page has what the ready-made server says', { timeout: 60_000 }, () => {
  /** What it logs until it ends by itself, or says that it listens. */
  const run = (env) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, 'apps/bridge-server/dist/main.js')], {
        cwd: temporary(),
        env: { PATH: process.env.PATH, ...env },
      });
      atEnd(() => child.kill('SIGKILL'));
      let text = '';
      const messages = () =>
        text
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line).msg);
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (messages().includes('listening')) resolve(messages());
      });
      child.once('close', () => resolve(messages()));
    });

  it('where its port is taken', async () => {
    const other = createServer();
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    atEnd(() => other.close());
    const messages = await run({ PORT: String(other.address().port) });
    isOnThePage(messages.at(-1));
    expect(messages.at(-1)).toContain('is taken');
  });

  it('where nothing is set', async () => {
    const messages = await run({ PORT: '0' });
    const warnings = messages.filter((message) => /^(?:No messaging app|ALLOWED_ORIGINS)/.test(message));
    expect(warnings).toHaveLength(2);
    for (const warning of warnings) isOnThePage(warning);
  });

  it('where half of a messaging app is set, and a name is wrong', async () => {
    const messages = await run({
      PORT: '0',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_CHANNEL_ID: 'C0123456789',
      SLACK_THREADS: 'x',
    });
    const about = messages.filter((message) => /SLACK_(?:APP_TOKEN|THREADS)|slack is left out/.test(message));
    expect(about.length).toBeGreaterThanOrEqual(3);
    for (const message of about) isOnThePage(message);
  });
});

describe('the comparison with the page', () => {
  it('fails for what is not there', () => {
    expect(() => isOnThePage('The moon is full.')).toThrow('is not on the page');
    expect(() => isOnThePage('no storage is configured')).toThrow('is not on the page');
  });
});
