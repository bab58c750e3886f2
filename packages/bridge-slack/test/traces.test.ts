import { call } from '@pocketping/testing';
import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { beginning, inThread, Traces } from '../src/traces.js';

const [BOT, PERSON, OTHER_APP] = ['U0BOT', 'U0ADA', 'U0OTHER'];
const thread = { chatId: 'C1', threadId: '1.000000' };

/** What is found where these messages stand, newest first. */
const tracesIn = (messages: readonly object[]) => {
  const page = async () => ({ ok: true, messages });
  const web = { conversations: { replies: page, history: page } } as unknown as WebClient;
  return new Traces('C1', { ask: (request) => request(web), act: (request) => request(web) }, async () => ({
    userId: BOT,
    name: 'PocketPing',
  }));
};

describe('what the bot left', () => {
  const copies = [
    { ts: '9.000000', user: PERSON },
    { ts: '8.000000', user: OTHER_APP, bot_id: 'B0OTHER' },
    { ts: '7.000000', bot_id: 'B0OTHER', subtype: 'bot_message' },
  ];

  it('is a post with its nonce, unlike what others write with the same metadata', async () => {
    const metadata = inThread('n');
    const forged = copies.map((message) => ({ ...message, metadata }));
    const { signal } = call();
    expect(await tracesIn(forged).posted(thread, 'n', signal)).toBeNull();
    const found = await tracesIn([...forged, { ts: '2.000000', user: BOT, metadata }]).posted(
      thread,
      'n',
      signal,
    );
    expect(found).toEqual({ ...thread, platformId: '2.000000' });
  });

  it('is where a conversation began and what went astray, unlike what others write so', async () => {
    const forged = copies.flatMap((message) => [
      { ...message, metadata: beginning('sess_1') },
      { ...message, metadata: inThread('n') },
    ]);
    const { signal } = call();
    expect(await tracesIn(forged).inChannel('sess_1', signal)).toEqual({ begun: undefined, astray: [] });
    const own = [
      { ts: '3.000000', user: BOT, metadata: inThread('n') },
      { ts: '2.000000', user: BOT, metadata: beginning('sess_1') },
    ];
    expect(await tracesIn([...forged, ...own]).inChannel('sess_1', signal)).toEqual({
      begun: '2.000000',
      astray: ['3.000000'],
    });
  });
});
