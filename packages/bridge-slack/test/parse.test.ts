import { describe, expect, it } from 'vitest';
import { parse } from '../src/parse.js';
import { fixture } from './fixtures.js';

const CHANNEL = 'C0123456789';
const names: Record<string, string> = { U061F7AUR: 'Anna Kowalska', U0BOB0000: 'Bob' };
const asked: string[] = [];
const reader = {
  channelId: CHANNEL,
  botUserId: 'U0LAN0Z89',
  botName: 'PocketPing',
  nameOf: async (id: string) => {
    asked.push(id);
    return names[id] ?? 'Teammate';
  },
};
const parsed = (name: string) => parse(fixture(name).event, reader);

const anna = { id: 'U061F7AUR', name: 'Anna Kowalska' };
const ref = { chatId: CHANNEL, threadId: '1760000000.000100', platformId: '1760000100.200300' };

describe('what people write', () => {
  it('is a message, with emoji as emoji and nothing escaped', async () => {
    expect(await parsed('text')).toEqual({
      kind: 'message',
      operator: anna,
      ref,
      at: 1_760_000_100_200,
      content: 'Yes, within three days 🚚 <soon> & for free',
      version: 1_760_000_100_200_300,
    });
  });

  it('loses its formatting, and keeps the address behind words', async () => {
    expect(await parsed('formatted')).toMatchObject({
      content: [
        'bold see our page (https://acme.example/a?b=1&c=2), https://acme.example/faq',
        '',
        '• one',
        '• two',
        '1. first',
        '2. second',
        '> as you said',
        'npm start',
      ].join('\n'),
    });
  });

  it('names people by their names', async () => {
    expect(await parsed('named')).toMatchObject({
      content: '@Bob and @here see #channel, @group 👋🏽 :acme-party:',
    });
  });

  it('is read from its markup where there is nothing else', async () => {
    expect(await parsed('markup-only')).toMatchObject({
      content:
        '@Bob @Teammate @channel #general Acme (https://acme.example) https://acme.example/x a@acme.example 10 Oct a <b> &amp; c',
    });
  });

  it('may also be shown in the channel', async () => {
    expect(await parsed('broadcast')).toMatchObject({ kind: 'message', ref, content: 'Also to the channel' });
  });

  it('may come with files, and cannot be delivered as a forwarded message', async () => {
    const message = await parsed('file');
    expect(message).toMatchObject({ content: 'look', files: [{ ref: expect.stringMatching(/^F\w+$/) }] });
    expect(message).not.toHaveProperty('undeliverable');
    expect(await parsed('forwarded')).toMatchObject({ content: '', undeliverable: 'Forwarded messages' });
  });

  it('is edited to the version that the event tells, in its order', async () => {
    expect(await parsed('edited')).toEqual({
      kind: 'edit',
      operator: anna,
      ref,
      content: 'Yes, within two days',
      at: 1_760_000_160_000,
      sentAt: 1_760_000_100_200,
      version: 1_760_000_160_000_900,
    });
  });

  it('is edited twice within a second, and only looks other with a preview', async () => {
    const { event } = fixture('edited');
    const message = event.message as object;
    const before = { ...message, text: 'Yes, within three days' };
    expect(await parse({ ...event, previous_message: before }, reader)).toMatchObject({ kind: 'edit' });
    expect(await parse({ ...event, previous_message: message }, reader)).toBeUndefined();
  });

  it('is deleted', async () => {
    expect(await parsed('deleted')).toEqual({ kind: 'delete', operator: anna, ref, at: 1_760_000_180_001 });
  });

  it('found later, after an edit, has the newer version', async () => {
    const { event } = fixture('edited');
    const message = { ...(event.message as object), channel: CHANNEL };
    expect(await parse(message, reader)).toMatchObject({ kind: 'message', version: 1_760_000_160_000_000 });
  });
});

describe('whoever mentions the bot', () => {
  it('gives a command', async () => {
    expect(await parsed('command')).toMatchObject({ kind: 'command', name: 'close', args: 'see you', ref });
  });

  it('may share a file with it', async () => {
    const event = { ...fixture('command').event, files: fixture('file').event.files };
    expect(await parse(event, reader)).toMatchObject({
      kind: 'command',
      name: 'close',
      undeliverable: 'Files',
    });
  });

  it('may do so in the channel, which has its own event', async () => {
    const command = await parsed('mention');
    expect(command).toMatchObject({ kind: 'command', name: 'status', args: '' });
    expect(command?.ref.threadId).toBeUndefined();
  });

  const said = (text: string) => parse({ ...fixture('markup-only').event, text }, reader);

  it.each([
    ['<@U0LAN0Z89>, close', 'close', ''],
    ['<@U0LAN0Z89>: status', 'status', ''],
    ['<@U0LAN0Z89> close.', 'close', ''],
    ['<@U0LAN0Z89> “Close”!', 'close', ''],
    ['<@U0LAN0Z89> – note: (call <@U0BOB0000>!)', 'note', '(call @U0BOB0000!)'],
    [' <@U0LAN0Z89> <@U0LAN0Z89> close', 'close', ''],
    ['<@U0LAN0Z89>?', 'help', ''],
    ['\u200b<@U0LAN0Z89> \u2060note rude', 'note', 'rude'],
    ['@PocketPing note rude', 'note', 'rude'],
    [' \u200b@pocketping, Note: rude', 'note', 'rude'],
    ['@PocketPing', 'help', ''],
    ['@PocketPing is great', 'is', 'great'],
    ['<@U0LAN0Z89>', 'help', ''],
    ['<@U0LAN0Z89> read/unread', 'read/unread', ''],
  ])('may write %j', async (text, name, args) => {
    expect(await said(text)).toMatchObject({ kind: 'command', name, args });
  });

  it.each([
    ['Thanks! I will ask <@U0LAN0Z89> close to noon', 'Thanks! I will ask  close to noon'],
    ['<@U0BOB0000> <@U0LAN0Z89> close', '@U0BOB0000  close'],
    ['&gt; <@U0LAN0Z89> close', '>  close'],
  ])('sets nothing off and says nothing to the visitor by %j', async (text, args) => {
    expect(await said(text)).toMatchObject({ kind: 'command', name: 'help', args });
    expect(await parsed('command-later-in-text')).toMatchObject({ kind: 'command', name: 'help' });
  });

  it.each(['@PocketPingers note', 'ask @PocketPing', 'PocketPing is great'])(
    'does not by %j',
    async (text) => {
      expect(await said(text)).toMatchObject({ kind: 'message', content: text });
    },
  );

  it('cannot do so by an edit', async () => {
    expect(await parsed('command-edited')).toMatchObject({
      kind: 'edit',
      command: { name: 'close', args: '' },
    });
  });
});

describe('what is passed over', () => {
  it.each([
    'own',
    'other-bot',
    'other-app-as-person',
    'slackbot',
    'joined',
    'reaction',
    'unfurled',
    'parent-deleted',
    'talk-in-channel',
    'other-thread',
    'other-channel',
  ])('%s', async (name) => {
    expect(await parsed(name)).toBeUndefined();
  });

  it('asks for nobody’s name', async () => {
    asked.length = 0;
    await parsed('own');
    await parsed('other-channel');
    expect(asked).toEqual([]);
  });
});

describe('nonsense', () => {
  it.each([
    [{}],
    [{ type: 'message', channel: CHANNEL }],
    [{ type: 'message', channel: CHANNEL, subtype: 'message_changed' }],
    [{ type: 'message', channel: CHANNEL, subtype: 'message_deleted', previous_message: 7 }],
    [{ type: 'message', channel: CHANNEL, subtype: 'message_changed', message: { edited: true, user: [] } }],
  ])('%j is passed over', async (event) => {
    expect(await parse(event as Record<string, unknown>, reader)).toBeUndefined();
  });

  it.each(['', 'x', '1.2', '-1.000000', '9'.repeat(40)])(
    'a message with the ts %j is not understood',
    async (ts) => {
      const event = { ...fixture('text').event, ts };
      await expect(parse(event, reader)).rejects.toThrow(/no ts/);
    },
  );

  it.each(['x', '1.2', '../1', '9'.repeat(40)])(
    'a message in the thread %j is not understood',
    async (thread_ts) => {
      const event = { ...fixture('text').event, thread_ts };
      await expect(parse(event, reader)).rejects.toThrow(/no thread/);
    },
  );

  it('a change without a time is not understood', async () => {
    const event = { ...fixture('edited').event, event_ts: 'x', ts: 'x' };
    await expect(parse(event, reader)).rejects.toThrow(/no ts/);
  });

  it.each([
    { elements: 7 },
    { elements: [{ type: 'emoji', unicode: 'zz-110000' }] },
    { elements: [null, 'x'] },
  ])('blocks of %j are read as far as they can be', async (section) => {
    const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', ...section }] }];
    expect(await parse({ ...fixture('text').event, blocks }, reader)).toMatchObject({ kind: 'message' });
  });
});
