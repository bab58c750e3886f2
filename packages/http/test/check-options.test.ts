import { PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExchange, type HttpOptions } from '../src/index.js';

/** As plain JavaScript has it: nobody looks at types. */
const exchange = (options: object) => {
  const logger = recordingLogger();
  const engine = new PocketPing({ logger });
  onTestFinished(() => engine.stop());
  createExchange(engine, options as HttpOptions);
  return logger.lines.map(({ message }) => message).filter((message) => !message.includes('in memory'));
};

const PLACES = 'must be a whole number of at least 1.';

describe('how the protocol is served', () => {
  it.each<[object, string]>([
    [
      { trustProxy: true },
      "trustProxy must be a list of proxies: addresses, CIDR ranges, 'loopback' or 'private', e.g. ['loopback'].",
    ],
    [{ trustProxy: 'loopback' }, 'trustProxy must be a list of proxies'],
    [
      { origins: 'https://www.example.com' },
      "origins must be '*' or a list of origins, e.g. ['https://www.example.com'].",
    ],
    [{ origins: true }, "origins must be '*' or a list of origins"],
    [{ rateLimits: true }, 'rateLimits must be false, or an object with limits by name.'],
    [{ rateLimits: { messages: false } }, 'rateLimits has messages, which is none of connect, message,'],
    [
      { rateLimits: { message: 30 } },
      'rateLimits.message must be false, or { requests, perMs } with requests ≥ 1 and perMs > 0.',
    ],
    [{ rateLimits: { message: { requests: 0, perMs: 1 } } }, 'rateLimits.message must be false'],
    [{ rateLimits: { message: { requests: 1, perMs: 0 } } }, 'rateLimits.message must be false'],
    [{ rateLimits: { message: { requests: '30', perMs: 1000 } } }, 'rateLimits.message must be false'],
    [
      { rateLimits: { message: { requests: 30, perMs: Number.POSITIVE_INFINITY } } },
      'rateLimits.message must be false',
    ],
    [{ bridgeApi: { apikey: 'secret' } }, 'bridgeApi has apikey, which is none of apiKey, behindProxy.'],
    [{ bridgeApi: { apiKey: '' } }, 'bridgeApi.apiKey must be a text that is not empty.'],
    [{ bridgeApi: { behindProxy: 'yes' } }, 'bridgeApi.behindProxy must be true or false.'],
    [{ streamBufferBytes: 0 }, `streamBufferBytes ${PLACES}`],
    [{ streamsPerVisitor: '50' }, `streamsPerVisitor ${PLACES}`],
    [{ streams: 100 }, 'streams must be an object with total, perAddress.'],
    [{ streams: { total: -1 } }, 'streams.total must be a whole number of at least 0.'],
    [{ pendingSockets: { all: 5 } }, 'pendingSockets has all, which is none of total, perAddress.'],
    [{ uploadMethod: 'post' }, "uploadMethod must be 'PUT' or 'POST'."],
    [{ bridgeApi: true }, 'bridgeApi must be an object with apiKey, behindProxy.'],
  ])('is refused where it makes no sense: %o', (options, message) => {
    expect(() => exchange(options)).toThrow(TypeError);
    expect(() => exchange(options)).toThrow(message);
  });

  it.each<[object]>([
    [{ rateLimits: { message: false, typing: { requests: 1, perMs: 1000 }, connect: undefined } }],
    [{ rateLimits: false, origins: '*', trustProxy: [] }],
    [{ streams: { total: Number.POSITIVE_INFINITY, perAddress: undefined }, pendingSockets: { total: 0 } }],
    [{ origins: undefined, trustProxy: undefined, streamBufferBytes: undefined }],
  ])('is taken where it does: %o', (options) => {
    expect(exchange(options)).toEqual([]);
  });

  it('tells of a name that is no option', () => {
    expect(exchange({ trustedProxy: ['loopback'] })).toEqual([
      'trustedProxy is no option and changes nothing: trustProxy is meant? Rename it, or remove it.',
    ]);
  });
});
