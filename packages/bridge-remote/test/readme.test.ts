import { readFileSync } from 'node:fs';
import { LIMITS } from '@pocketping/protocol';
import { bridgeReadme, eventually, visitorInTest } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RemoteBridge, type RemoteBridgeOptions } from '../src/index.js';
import { API_KEY, DeskServer } from './server.js';

const readme = bridgeReadme(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

describe('the README', () => {
  it('has code that works: a conversation from the website to the server’s team and back', async () => {
    const server = await DeskServer.start();
    onTestFinished(() => server.close());
    const env = { BRIDGE_URL: server.url, BRIDGE_API_KEY: API_KEY };
    const pocketping = await readme.runExample({ imports: { RemoteBridge }, env });
    const visitor = await visitorInTest(pocketping, 'browser-1');
    await visitor.say('Do you ship to Poland?');
    const post = await eventually(() => {
      const found = server.desk.sheets.find(({ text }) => text === 'Do you ship to Poland?');
      if (!found) throw new Error('It is not on the desk yet');
      return found;
    });
    await server.desk.write(post.ref.threadId, 'Yes, within three days');
    await eventually(async () => expect((await visitor.sees()).at(-1)).toBe('Yes, within three days'));
  }, 30_000);

  it('names every option', () => {
    const options: Record<keyof RemoteBridgeOptions, true> = {
      bridgeUrl: true,
      apiKey: true,
      name: true,
      origin: true,
      fetch: true,
    };
    expect(readme.options().sort()).toEqual(Object.keys(options).sort());
  });

  it('names the limits that hold', () => {
    expect(readme.text).toContain(`${LIMITS.attachmentBytes / 1024 ** 2} MiB`);
  });
});
