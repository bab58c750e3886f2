import { describe, expect, it } from 'vitest';
import { startDiscord } from './discord.js';

const POST = 'POST /channels/{channel}/messages';

const refusal = async (answer: Promise<Response>) => {
  const response = await answer;
  const { code, message } = (await response.json()) as { code: number; message: string };
  return [response.status, code, message];
};

describe('the API of Discord', () => {
  it('refuses as documented', async () => {
    const { discord, ask } = await startDiscord();
    const ada = discord.operator('Ada');
    const { channelId } = discord;
    const thread = ada.createThread(channelId, 'lunch');
    const written = ada.type(thread.id, 'hello');
    const at = `/channels/${thread.id}/messages`;
    expect(await refusal(ask('GET', '/nowhere'))).toEqual([404, 0, '404: Not Found']);
    expect(await refusal(ask('PUT', at, {}))).toEqual([405, 0, '405: Method Not Allowed']);
    expect(await refusal(ask('GET', '/channels/1'))).toEqual([404, 10_003, 'Unknown Channel']);
    expect(await refusal(ask('GET', `${at}/1`))).toEqual([404, 10_008, 'Unknown Message']);
    expect(await refusal(ask('POST', at, { content: ' ' }))).toEqual([
      400,
      50_006,
      'Cannot send an empty message',
    ]);
    expect(await refusal(ask('PATCH', `${at}/${written.id}`, { content: 'x' }))).toEqual([
      403,
      50_005,
      'Cannot edit a message authored by another user',
    ]);
    expect((await refusal(ask('POST', at, { content: 'x'.repeat(2001) })))[1]).toBe(50_035);
    expect((await refusal(ask('POST', at, { content: 'x', nonce: 'n'.repeat(26) })))[1]).toBe(50_035);
    expect(
      (await refusal(ask('POST', at, { content: 'x', message_reference: { message_id: '1' } })))[1],
    ).toBe(50_035);
    ada.archive(thread.id);
    expect(await refusal(ask('PATCH', `/channels/${thread.id}`, { archived: true }))).toEqual([
      400,
      50_083,
      'Thread is archived',
    ]);
    discord.deny('SEND_MESSAGES');
    expect(await refusal(ask('POST', `/channels/${channelId}/messages`, { content: 'x' }))).toEqual([
      403,
      50_013,
      'Missing Permissions',
    ]);
    discord.deny('VIEW_CHANNEL');
    expect(await refusal(ask('GET', at))).toEqual([403, 50_001, 'Missing Access']);
  });

  it('rings whom a text names, escaped or not, unless the request says who may be', async () => {
    const { discord, ask } = await startDiscord();
    const content = '\\@everyone <@1> <@&2>';
    const rung = async (body: object) => {
      await ask('POST', `/channels/${discord.channelId}/messages`, { content, ...body });
      return discord.messages(discord.channelId).at(-1)?.mentions;
    };
    expect(await rung({})).toEqual(['@everyone', '<@1>', '<@&2>']);
    expect(await rung({ allowed_mentions: { parse: [] } })).toEqual([]);
    expect(await rung({ allowed_mentions: { parse: ['roles'], users: ['1'] } })).toEqual(['<@1>', '<@&2>']);
  });

  it('knows nobody by another token', async () => {
    const { discord } = await startDiscord();
    expect((await fetch(`${discord.apiRoot}/v10/users/@me`)).status).toBe(401);
  });

  it('answers as if it were overrun, with the headers of a limit', async () => {
    const { discord, ask } = await startDiscord();
    discord.fault({ kind: 'rate_limit', method: POST, retryAfter: 3 });
    const answer = await ask('POST', `/channels/${discord.channelId}/messages`, { content: 'x' });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(answer.headers.get('x-ratelimit-scope')).toBe('user');
    expect(await answer.json()).toEqual({
      message: 'You are being rate limited.',
      retry_after: 3,
      global: false,
    });
    expect(discord.messages(discord.channelId)).toEqual([]);
  });

  it.each([
    ['bad_gateway_html', 502, 'text/html'],
    ['server_error', 500, 'application/json'],
    ['unauthorized', 401, 'application/json'],
  ] as const)('answers %s', async (kind, status, type) => {
    const { discord, ask } = await startDiscord();
    discord.fault({ kind, method: POST });
    const answer = await ask('POST', `/channels/${discord.channelId}/messages`, { content: 'x' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
    expect(discord.messages(discord.channelId)).toEqual([]);
  });

  it.each([
    ['timeout_before', 0],
    ['timeout_after', 1],
    ['reset', 0],
    ['broken_body', 1],
  ] as const)('cuts the line with %s', async (kind, posted) => {
    const { discord, ask } = await startDiscord();
    discord.fault({ kind, method: POST, delayMs: 5 });
    const answer = ask('POST', `/channels/${discord.channelId}/messages`, { content: 'x' });
    await expect(answer.then((response) => response.text())).rejects.toThrow();
    expect(discord.messages(discord.channelId)).toHaveLength(posted);
  });

  it('tells of its limits, and holds them', async () => {
    const { discord, ask } = await startDiscord({ limits: { perRoute: 2, windowMs: 60_000 } });
    const post = () => ask('POST', `/channels/${discord.channelId}/messages`, { content: 'x' });
    expect((await post()).headers.get('x-ratelimit-remaining')).toBe('1');
    expect((await post()).headers.get('x-ratelimit-remaining')).toBe('0');
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('x-ratelimit-reset-after'))).toBeGreaterThan(50);
    expect(discord.limitsExceeded).toBe(1);
  });

  it('lists a forum’s threads, active and archived, and pages through messages', async () => {
    const { discord, ask } = await startDiscord({ channel: 'forum' });
    const { channelId, guildId } = discord;
    const missing = ask('POST', `/channels/${channelId}/threads`, { name: 'Ada' });
    expect((await refusal(missing))[1]).toBe(50_035);
    const opening = { name: 'Ada', message: { content: 'first' } };
    const thread = (await (await ask('POST', `/channels/${channelId}/threads`, opening)).json()) as {
      id: string;
    };
    const ada = discord.operator('Ada');
    const ids = ['a', 'b', 'c'].map((text) => ada.type(thread.id, text).id);
    const page = async (query: string) => {
      const answer = await ask('GET', `/channels/${thread.id}/messages?${query}`);
      return ((await answer.json()) as { content: string }[]).map(({ content }) => content);
    };
    expect(await page('limit=2')).toEqual(['c', 'b']);
    expect(await page(`limit=2&after=${thread.id}`)).toEqual(['b', 'a']);
    expect(await page(`before=${ids[1]}`)).toEqual(['a', 'first']);
    const threads = async (path: string) =>
      ((await (await ask('GET', path)).json()) as { threads: { id: string }[] }).threads.map(({ id }) => id);
    expect(await threads(`/guilds/${guildId}/threads/active`)).toEqual([thread.id]);
    ada.archive(thread.id);
    expect(await threads(`/guilds/${guildId}/threads/active`)).toEqual([]);
    expect(await threads(`/channels/${channelId}/threads/archived/public`)).toEqual([thread.id]);
  });
});
