import { readFileSync } from 'node:fs';
import { PocketPing } from '@pocketping/core';
import { LIMITS } from '@pocketping/protocol';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RemoteBridge, type RemoteBridgeOptions } from '../src/index.js';
import { API_KEY, DeskServer } from './server.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has code that works: a conversation from the website to the server’s team and back', async () => {
    const server = await DeskServer.start();
    const pocketping = await runExample({ BRIDGE_URL: server.url, BRIDGE_API_KEY: API_KEY });
    onTestFinished(async () => {
      await pocketping.stop();
      await server.close();
    });
    const { conversation } = pocketping;
    const { session, token } = await conversation.connect({ visitorId: 'browser-1' }, {});
    const visitor = await conversation.authenticate(token as string);
    await conversation.send(visitor, { sessionId: session.id, content: 'Do you ship to Poland?' });
    const post = await vi.waitFor(
      () => {
        const found = server.desk.sheets.find(({ text }) => text === 'Do you ship to Poland?');
        if (!found) throw new Error('It is not on the desk yet');
        return found;
      },
      { timeout: 10_000 },
    );
    await server.desk.write(post.ref.threadId, 'Yes, within three days');
    await vi.waitFor(
      async () => {
        const { messages } = await conversation.messages(visitor, { sessionId: session.id, limit: 100 });
        expect(messages.at(-1)?.content).toBe('Yes, within three days');
      },
      { timeout: 10_000 },
    );
  }, 30_000);

  it('names every option', () => {
    const documented = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    const options: Record<keyof RemoteBridgeOptions, true> = {
      bridgeUrl: true,
      apiKey: true,
      name: true,
      origin: true,
      fetch: true,
    };
    expect(documented.sort()).toEqual(Object.keys(options).sort());
  });

  it('names the limits that hold', () => {
    expect(readme).toContain(`${LIMITS.attachmentBytes / 1024 ** 2} MiB`);
  });
});

/** Runs the README's code as it stands. */
const runExample = async (env: Record<string, string>): Promise<PocketPing> => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const body = `${code.replace(/^import .*$/gm, '')}\nreturn pocketping;`;
  class Engine extends PocketPing {
    constructor(options: object) {
      super({ ...options, logger: recordingLogger() });
    }
  }
  const run = new AsyncFunction('PocketPing', 'RemoteBridge', 'process', body);
  return (await run(Engine, RemoteBridge, { env })) as PocketPing;
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;
