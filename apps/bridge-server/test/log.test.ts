import { BridgeError } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/log.js';

const logger = (secrets: string[] = [], isTTY = false) => {
  const lines: string[] = [];
  return { lines, log: createLogger('info', secrets, { isTTY, write: (line) => lines.push(line) }) };
};

describe('the log', () => {
  it('is a line of JSON for each thing that happened', () => {
    const { lines, log } = logger();
    log.info({ bridge: 'telegram', backlog: 3 }, 'it works again');
    log.debug({}, 'nobody asked for this');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', time: expect.any(String), bridge: 'telegram', backlog: 3, msg: 'it works again' },
    ]);
    expect(lines[0]).toMatch(/\n$/);
  });

  it('has no secret, wherever it stands and however it is written', () => {
    const [token, address, quoted] = [
      '123456:AAE-secret',
      'https://hooks.example.com/T0/B0/secret',
      'se"cret\\1',
    ];
    const { lines, log } = logger([token, address, quoted]);
    const cause = new Error(`GET https://api.example.com/bot${encodeURIComponent(token)}/getMe`);
    log.error(
      { err: new Error(`no answer from ${address}`, { cause }), token },
      `refused: ${token} ${quoted}`,
    );
    expect(lines.join()).toContain('[secret]');
    for (const secret of [token, 'AAE-secret', address, 'secret"', 'cret\\\\'])
      expect(lines.join()).not.toContain(secret);
  });

  it('tells an error’s message, code and causes, and not what else its library keeps in it', () => {
    const { lines, log } = logger();
    const err = Object.assign(new Error('away', { cause: new Error('no route') }), {
      code: 'ECONNREFUSED',
      request: { headers: { authorization: 'whatever' } },
    });
    log.warn({ err }, 'trying again');
    expect(JSON.parse(lines[0] as string).err).toEqual({
      type: 'Error',
      code: 'ECONNREFUSED',
      message: 'away',
      stack: expect.any(String),
      cause: { type: 'Error', message: 'no route', stack: expect.any(String) },
    });
  });

  it('names variables where a bridge names its options', () => {
    const { lines, log } = logger();
    const err = new BridgeError('unauthorized', 'set botToken to what it shows');
    log.error({ bridge: 'discord', err }, 'discord is paused: set botToken to what it shows');
    log.error({ bridge: 'telegram-g5' }, 'Check the id 5 in chatIds.');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'discord is paused: set DISCORD_BOT_TOKEN to what it shows',
      'Check the id 5 in TELEGRAM_CHAT_ID.',
    ]);
  });

  it('is for people on a terminal', () => {
    const { lines, log } = logger([], true);
    log.info({ url: 'http://127.0.0.1:3001' }, 'listening');
    log.error({ err: new Error('no space left') }, 'could not write');
    log.warn({ err: new BridgeError('unauthorized', 'reset the token') }, 'it is paused: reset the token');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d INFO {2}listening url="http:\/\/127\.0\.0\.1:3001"\n$/);
    expect(lines[1]).toMatch(/ERROR could not write\nError: no space left\n {4}at /);
    expect(lines[2]).toMatch(/WARN {2}it is paused: reset the token\n$/);
  });
});
