import { describe, expect, it } from 'vitest';
import { RemoteBridge, type RemoteBridgeOptions } from '../src/index.js';
import { settingsFrom } from '../src/settings.js';
import { recordingHost } from './host.js';
import { eventStream, scripted } from './scripted.js';

const BASE = { bridgeUrl: 'https://chat.example' };

describe('options', () => {
  it('have defaults', () => {
    const bridge = new RemoteBridge(BASE);
    expect([bridge.name, bridge.connection]).toEqual(['remote', 'https://chat.example#default']);
  });

  it.each([
    ['https://chat.example/', 'https://chat.example'],
    ['https://chat.example/team/', 'https://chat.example/team'],
    [' http://127.0.0.1:3001 ', 'http://127.0.0.1:3001'],
    ['HTTPS://Chat.Example', 'https://chat.example'],
  ])('take %j', (bridgeUrl, root) => {
    expect(settingsFrom({ bridgeUrl }).root).toBe(root);
  });

  it.each([
    [{ bridgeUrl: undefined }, /bridgeUrl is missing/],
    [{ bridgeUrl: ' ' }, /bridgeUrl is missing/],
    [{ bridgeUrl: 'chat.example' }, /must begin with https:\/\//],
    [{ bridgeUrl: 'ftp://chat.example' }, /must begin with https:\/\//],
    [{ bridgeUrl: 'https://' }, /a whole address/],
    [{ bridgeUrl: 'https://ada:pass@chat.example' }, /take them out/],
    [{ bridgeUrl: 'https://chat.example?key=secret' }, /without \? and #/],
    [{ ...BASE, apiKey: 'clé secrète' }, /copy the server’s API_KEY again/],
    [{ ...BASE, apiKey: 'two words' }, /copy the server’s API_KEY again/],
    [{ ...BASE, origin: 'Shop' }, /origin is "Shop"/],
    [{ ...BASE, origin: '' }, /origin is ""/],
    [{ ...BASE, name: 'Remote!' }, /name is "Remote!"/],
  ])('that cannot work are refused, saying what to change, and never a key: %j', (options, message) => {
    const make = () => new RemoteBridge(options as RemoteBridgeOptions);
    expect(make).toThrow(message);
    expect(make).toThrow(/^(?!.*(?:secr|pass@|two words)).*$/s);
  });

  it.each([undefined, '', '  '])('without a key send none: %j', async (apiKey) => {
    const { bridge, asked } = scripted({ apiKey });
    await bridge.editing.remove(
      { chatId: 'default', threadId: 's/t', platformId: 'visitor-1' },
      { signal: new AbortController().signal },
    );
    expect(asked[0]?.headers.get('authorization')).toBeNull();
  });

  it.each([
    ['http://chat.example', 'key', true],
    ['http://chat.example', undefined, false],
    ['https://chat.example', 'key', false],
    ['http://localhost:3001', 'key', false],
    ['http://127.0.0.1:3001', 'key', false],
    ['http://[::1]:3001', 'key', false],
    ['http://127.0.0.1.evil.example', 'key', true],
  ])('at %s with the key %s warn that others may read it: %s', async (bridgeUrl, apiKey, warns) => {
    const stream = eventStream();
    stream.ping(0, 0);
    const fetch = async (_: unknown, init?: RequestInit) => stream.answer(init as { signal: AbortSignal });
    const bridge = new RemoteBridge({ bridgeUrl, apiKey, fetch: fetch as typeof globalThis.fetch });
    const host = recordingHost();
    await bridge.start(host);
    await bridge.stop();
    const warned = host.logger.lines.filter(({ message }) => message.includes('unencrypted'));
    expect(warned).toHaveLength(warns ? 1 : 0);
  });
});
