import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { SlackEmulator } from '../src/index.js';
import { atEnd, clientOf, startSlack } from './slack.js';

const refused = (error: string) => ({ code: 'slack_webapi_platform_error', data: { ok: false, error } });

describe('the Web API', () => {
  it('says who the bot is, and what its token may do', async () => {
    const { slack, web } = await startSlack({ teamName: 'Acme', scopes: ['chat:write', 'users:read'] });
    expect(await web.auth.test()).toMatchObject({
      ok: true,
      team: 'Acme',
      url: 'https://acme.slack.com/',
      user_id: slack.botUserId,
      response_metadata: { scopes: ['chat:write', 'users:read'] },
    });
    await expect(web.conversations.info({ channel: slack.channelId })).rejects.toMatchObject({
      data: {
        error: 'missing_scope',
        needed: 'channels:read,groups:read',
        provided: 'chat:write,users:read',
      },
    });
  });

  it('refuses wrong tokens, each in its own words', async () => {
    const { slack } = await startSlack();
    for (const [token, error] of [
      ['xoxb-other', 'invalid_auth'],
      ['', 'not_authed'],
      [slack.appToken, 'not_allowed_token_type'],
    ] as const) {
      await expect(clientOf(slack, token).auth.test()).rejects.toMatchObject(refused(error));
    }
    await expect(clientOf(slack).apiCall('nothing.there')).rejects.toMatchObject(refused('unknown_method'));
  });

  it('posts, updates and deletes, with blocks that stay unless they are spoken of', async () => {
    const { slack, web, channel } = await startSlack();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*hi* <@U1>' } }] as const;
    const { ts = '', message } = await web.chat.postMessage({ channel, text: 'hi', blocks: [...blocks] });
    expect(message).toMatchObject({ type: 'message', text: 'hi', user: slack.botUserId, ts, blocks });
    await web.chat.update({ channel, ts, text: 'changed' });
    expect(slack.messages()).toMatchObject([{ text: '*hi* @U1', edited: true, markup: 'changed' }]);
    await web.chat.update({ channel, ts, text: 'a &lt;b&gt; &amp;', blocks: [] });
    expect(slack.messages()[0]?.text).toBe('a <b> &');
    await web.chat.delete({ channel, ts });
    expect(slack.messages()).toEqual([]);
    await expect(web.chat.update({ channel, ts, text: 'x' })).rejects.toMatchObject(
      refused('message_not_found'),
    );
  });

  it('shows what a text mentions, where it leads and what is formatted in it, and what a notification says', async () => {
    const { slack, web, channel } = await startSlack();
    const readings = () => slack.messages().at(-1)?.readings;
    const text = '*b* `c` <!here> <https://a.example|words> @here :tada:';
    await web.chat.postMessage({ channel, text });
    expect(readings()).toEqual([
      {
        text: 'b c @here words @here ',
        live: [
          { kind: 'mention', text: '@here' },
          { kind: 'link', text: 'words', address: 'https://a.example' },
          { kind: 'style', text: '`c`' },
          { kind: 'style', text: '*b*' },
          { kind: 'style', text: ':tada:' },
        ],
      },
    ]);
    const { ts = '' } = await web.chat.postMessage({ channel, text: '*b* @here', mrkdwn: false });
    expect(readings()).toEqual([{ text: '*b* @here', live: [] }]);
    // An update is read as if it had been typed, unless it says otherwise.
    await web.chat.update({ channel, ts, text: '*b* @here' });
    expect(readings()?.[0]?.live.map((live) => live.text)).toEqual(['@here', '*b*']);
    await web.chat.update({ channel, ts, text: '*b* @here', parse: 'none' });
    expect(readings()?.[0]?.live.map((live) => live.text)).toEqual(['*b*']);
    const elements = [
      { type: 'text', text: '*b* <!here>' },
      { type: 'link', url: 'https://a.example', text: 'words' },
      { type: 'broadcast', range: 'here' },
    ];
    const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
    await web.apiCall('chat.postMessage', { channel, text: '<!channel>', blocks });
    expect(readings()).toEqual([
      {
        text: '*b* <!here>words@here',
        live: [
          { kind: 'link', text: 'words', address: 'https://a.example' },
          { kind: 'mention', text: '@here' },
        ],
      },
      { text: '@channel', live: [{ kind: 'mention', text: '@channel' }] },
    ]);
  });

  it.each([
    [{ text: '' }, 'no_text'],
    [{ text: 'x', blocks: '{' }, 'invalid_blocks_format'],
    [{ text: 'x', blocks: [{ type: 'section' }] }, 'invalid_blocks'],
    [
      { text: 'x', blocks: [{ type: 'section', text: { type: 'plain_text', text: 'x'.repeat(3001) } }] },
      'invalid_blocks',
    ],
    [
      {
        text: 'x',
        blocks: [
          {
            type: 'rich_text',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }],
          },
        ],
      },
      'invalid_blocks',
    ],
    [{ text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'invalid_blocks'],
    [
      {
        text: 'x',
        blocks: Array.from({ length: 5 }, () => ({
          type: 'section',
          text: { type: 'plain_text', text: 'x'.repeat(2900) },
        })),
      },
      'msg_blocks_too_long',
    ],
    [{ text: 'x', metadata: { event_type: 7 } }, 'invalid_metadata_schema'],
    [{ text: 'x', channel: 'C0' }, 'channel_not_found'],
  ])('refuses %j', async (change, error) => {
    const { web, channel } = await startSlack();
    await expect(web.apiCall('chat.postMessage', { channel, ...change })).rejects.toMatchObject(
      refused(error),
    );
  });

  it('posts a reply to a thread that is gone in the channel itself, and only the answer tells', async () => {
    const { slack, web, channel } = await startSlack();
    const { ts: thread_ts = '' } = await web.chat.postMessage({ channel, text: 'parent' });
    const inside = await web.chat.postMessage({ channel, thread_ts, text: 'reply' });
    expect(inside.message).toMatchObject({ thread_ts, parent_user_id: slack.botUserId });
    slack.deleteThread(thread_ts);
    const outside = await web.chat.postMessage({ channel, thread_ts, text: 'stray' });
    expect(outside.message?.thread_ts).toBeUndefined();
    expect(slack.messages().map(({ text }) => text)).toEqual(['stray']);
    await expect(web.conversations.replies({ channel, ts: thread_ts })).rejects.toMatchObject(
      refused('thread_not_found'),
    );
  });

  it('keeps the place of a deleted message that began a thread', async () => {
    const { web, channel, ada } = await startSlack();
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'parent' });
    const reply = ada.type(ts, 'reply');
    ada.delete(ts);
    const { messages = [] } = await web.conversations.replies({ channel, ts });
    expect(messages).toMatchObject([{ subtype: 'tombstone', ts, reply_count: 1 }, { text: 'reply' }]);
    ada.delete(reply.ts);
    await expect(web.conversations.replies({ channel, ts })).rejects.toMatchObject(
      refused('thread_not_found'),
    );
  });

  it('pages through a channel from its end and through a thread from its beginning, with metadata where it is asked for', async () => {
    const { web, channel, ada } = await startSlack();
    const metadata = { event_type: 'e', event_payload: { n: '1' } };
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'first', metadata });
    for (let at = 0; at < 5; at++) ada.type(ts, `${at}`);
    ada.say('last');
    const history = await web.conversations.history({ channel, limit: 1 });
    expect(history).toMatchObject({ has_more: true, messages: [{ text: 'last' }] });
    const cursor = history.response_metadata?.next_cursor ?? '';
    const next = await web.conversations.history({ channel, limit: 1, cursor, include_all_metadata: true });
    expect(next).toMatchObject({ has_more: false, messages: [{ text: 'first', reply_count: 5, metadata }] });
    expect(next.messages?.[0]?.latest_reply).toMatch(/^\d+\.\d{6}$/);
    const texts: (string | undefined)[] = [];
    for await (const page of web.paginate('conversations.replies', { channel, ts, limit: 2 })) {
      texts.push(...((page as { messages?: { text?: string }[] }).messages ?? []).map(({ text }) => text));
    }
    expect(texts).toEqual(['first', '0', '1', '2', '3', '4']);
    await expect(web.conversations.history({ channel, cursor: 'x' })).rejects.toMatchObject(
      refused('invalid_cursor'),
    );
  });

  it('reacts once', async () => {
    const { slack, web, channel, ada } = await startSlack();
    const { ts: timestamp } = ada.say('hello');
    await web.reactions.add({ channel, timestamp, name: 'eyes' });
    await expect(web.reactions.add({ channel, timestamp, name: 'eyes' })).rejects.toMatchObject(
      refused('already_reacted'),
    );
    expect(slack.messages()[0]?.reactions).toMatchObject([{ name: 'eyes', emoji: '👀' }]);
    await web.reactions.remove({ channel, timestamp, name: 'eyes' });
    await expect(web.reactions.remove({ channel, timestamp, name: 'eyes' })).rejects.toMatchObject(
      refused('no_reaction'),
    );
    await expect(web.reactions.add({ channel, timestamp, name: ':eyes:' })).rejects.toMatchObject(
      refused('invalid_name'),
    );
  });

  it('lets the bot write only where it is, and not in an archive', async () => {
    const { slack, web, channel } = await startSlack();
    slack.archive();
    await expect(web.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject(refused('is_archived'));
    slack.archive(false);
    slack.setMember(false);
    await expect(web.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject(
      refused('not_in_channel'),
    );
    const secret = slack.addChannel({ name: 'secret', isPrivate: true });
    await expect(web.conversations.info({ channel: secret })).rejects.toMatchObject(
      refused('channel_not_found'),
    );
  });

  it('answers in this process, without a socket', async () => {
    const slack = await SlackEmulator.start({ listen: false });
    atEnd(() => slack.close());
    const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, fetch: slack.fetch as never });
    expect((await web.auth.test()).user_id).toBe(slack.botUserId);
  });

  it('keeps everything in a file, and never uses a timestamp twice', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'slack-'));
    atEnd(async () => rmSync(directory, { recursive: true }));
    const file = join(directory, 'slack.json');
    const first = await SlackEmulator.start({ file, listen: false });
    const { ts } = first.operator({ name: 'Ada' }).say('hello');
    await first.close();
    const second = await SlackEmulator.start({ file, listen: false });
    expect([second.botToken, second.messages().map(({ text }) => text)]).toEqual([first.botToken, ['hello']]);
    expect(second.operator({ name: 'Ada' }).say('again').ts > ts).toBe(true);
    await second.close();
  });
});

describe('an incoming webhook', () => {
  const post = (url: string, body: unknown) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('posts, and says ok', async () => {
    const { slack } = await startSlack();
    const answer = await post(slack.webhookUrl, { text: 'from &lt;outside&gt;' });
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    expect(slack.messages()).toMatchObject([{ text: 'from <outside>', from: { isBot: true } }]);
  });

  it('refuses in plain words', async () => {
    const { slack } = await startSlack();
    const told = async (url: string, body: unknown) => {
      const answer = await post(url, body);
      return [answer.status, await answer.text()];
    };
    expect(await told(slack.webhookUrl, {})).toEqual([400, 'no_text']);
    expect(await told(slack.webhookUrl, { blocks: [{}] })).toEqual([400, 'invalid_blocks']);
    expect(await told(`${slack.webhookUrl}x`, { text: 'x' })).toEqual([404, 'no_service']);
    slack.archive();
    expect(await told(slack.webhookUrl, { text: 'x' })).toEqual([410, 'channel_is_archived']);
    expect(slack.messages()).toEqual([]);
  });
});

describe('faults', () => {
  it('strike as the platform would', async () => {
    const { slack, web, channel } = await startSlack();
    const post = () => web.chat.postMessage({ channel, text: 'x' });
    slack.fault({ kind: 'rate_limit', retryAfter: 7 });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
    slack.fault({ kind: 'server_error' });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_http_error', statusCode: 500 });
    slack.fault({ kind: 'bad_gateway_html' });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_http_error', statusCode: 502 });
    slack.fault({ kind: 'refuse', description: 'msg_too_long' });
    await expect(post()).rejects.toMatchObject(refused('msg_too_long'));
    slack.fault({ kind: 'reset' });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(slack.messages()).toEqual([]);
    slack.fault({ kind: 'timeout_after', delayMs: 5 });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    slack.fault({ kind: 'slow_body', delayMs: 5 });
    await post();
    expect(slack.messages()).toHaveLength(2);
  });
});
