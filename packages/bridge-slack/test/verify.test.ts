import type { WebhookReceiver } from '@pocketping/core';
import { hostInTest } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { receiver } from '../src/events.js';
import { isGenuine } from '../src/verify.js';
import { rawFixture } from './fixtures.js';
import { signed } from './signed.js';

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const bytes = (text: string) => new TextEncoder().encode(text);
const headers = {
  'x-slack-request-timestamp': documented.timestamp,
  'x-slack-signature': documented.signature,
};
const then = Number(documented.timestamp) * 1000;

describe('a signature', () => {
  it('is checked as Slack documents it', () => {
    expect(isGenuine({ headers }, bytes(documented.body), documented.secret, then)).toBe(true);
  });

  it.each<[string, Record<string, string | undefined>, string, string, number]>([
    ['over another body', headers, `${documented.body} `, documented.secret, then],
    ['by another secret', headers, documented.body, 'x', then],
    ['more than five minutes old', headers, documented.body, documented.secret, then + 301_000],
    ['more than five minutes ahead', headers, documented.body, documented.secret, then - 301_000],
    [
      'without a time',
      { ...headers, 'x-slack-request-timestamp': undefined },
      documented.body,
      documented.secret,
      then,
    ],
    [
      'with no time for one',
      { ...headers, 'x-slack-request-timestamp': 'NaN' },
      documented.body,
      documented.secret,
      then,
    ],
    [
      'that is missing',
      { ...headers, 'x-slack-signature': undefined },
      documented.body,
      documented.secret,
      then,
    ],
    [
      'that is cut short',
      { ...headers, 'x-slack-signature': documented.signature.slice(0, -1) },
      documented.body,
      documented.secret,
      then,
    ],
  ])('%s proves nothing', (_, given, body, secret, now) => {
    expect(isGenuine({ headers: given }, bytes(body), secret, now)).toBe(false);
  });

  it('is good for five minutes', () => {
    for (const now of [then + 299_000, then - 299_000]) {
      expect(isGenuine({ headers }, bytes(documented.body), documented.secret, now)).toBe(true);
    }
  });
});

describe('what Slack sends', () => {
  const SECRET = 'a-signing-secret';
  const sent = (body: string) => signed(SECRET, body);
  const world = () => {
    const taken: unknown[] = [];
    const all = hostInTest();
    const it: WebhookReceiver = receiver(SECRET, async (event) => void taken.push(event.type), all.host);
    return { ...all, taken, receiver: it };
  };

  it('to see whether the address is ours is answered with its challenge, once it is proven', async () => {
    const { receiver } = world();
    const request = sent(rawFixture('url-verification'));
    expect(await receiver(request)).toMatchObject({
      status: 200,
      body: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
    expect(await receiver({ headers: {}, body: request.body })).toEqual({ status: 401 });
  });

  it('when it holds events back says that something was missed', async () => {
    const { receiver, missed } = world();
    expect((await receiver(sent(rawFixture('app-rate-limited')))).status).toBe(200);
    expect(missed).toHaveLength(1);
  });

  it('is taken with its retry headers like the first time', async () => {
    const { receiver, taken } = world();
    const { headers, body } = sent(rawFixture('text'));
    const retried = { ...headers, 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
    expect((await receiver({ headers: retried, body })).status).toBe(200);
    expect(taken).toEqual(['message']);
  });

  it.each([
    '{}',
    '[]',
    'null',
    '"x"',
    '{"type":"event_callback"}',
    '{"type":"event_callback","event":7}',
    '{"type":"block_actions"}',
    '{"type":"url_verification"}',
  ])('is refused when it is %s', async (body) => {
    const { receiver, taken } = world();
    expect((await receiver(sent(body))).status).toBe(400);
    expect(taken).toEqual([]);
  });

  it('is refused when a parser came first, and the log says what to change', async () => {
    const { receiver, logger } = world();
    const { headers, body } = sent(rawFixture('text'));
    expect(await receiver({ headers, body: { parsed: JSON.parse(body) as unknown } })).toEqual({
      status: 401,
    });
    expect(logger.lines).toMatchObject([
      { level: 'error', message: expect.stringContaining('before express.json()') },
    ]);
  });
});
