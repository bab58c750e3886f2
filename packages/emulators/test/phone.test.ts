import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from 'grammy';
import { describe, expect, test } from 'vitest';
import { startTelegram } from './telegram.js';

const json = { 'content-type': 'application/json' };

/** Sends headers that `fetch` keeps to itself, such as `Host`. */
function raw(url: string, headers: IncomingHttpHeaders, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end(body);
  });
}

/** Reads events from the phone's stream, one at a time. */
async function follow(url: string) {
  const response = await fetch(url);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<{ event: string; data: never }> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const [, event, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (event === undefined) continue;
        return { event, data: JSON.parse(data) as never };
      }
      const { done, value } = await reader.read();
      if (done) throw new Error('the stream ended');
      text += value;
    }
  };
  return { response, next, cancel: () => reader.cancel() };
}

describe('the page', () => {
  test('comes with everything it needs and may load nothing from elsewhere', async () => {
    const { telegram } = await startTelegram();
    const response = await fetch(telegram.phoneUrl);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    const files = [...html.matchAll(/(?:href|src)="(phone\/[^"]+)"/g)].map(([, path]) => path);
    expect(files.length).toBeGreaterThan(3);
    for (const path of files) expect((await fetch(`${telegram.apiRoot}/${path}`)).status).toBe(200);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test('gives out no other files', async () => {
    const { telegram } = await startTelegram();
    for (const path of ['..%2f..%2findex.ts', 'routes.ts', 'nothing.js', '..%2f..%2f..%2fpackage.json'])
      expect((await fetch(`${telegram.phoneUrl}/${path}`)).status).toBe(404);
  });

  test('is also there with a slash at the end', async () => {
    const { telegram } = await startTelegram();
    const response = await fetch(`${telegram.phoneUrl}/?as=Bea`);
    expect(response.url).toBe(`${telegram.phoneUrl}?as=Bea`);
  });
});

describe('foreign pages', () => {
  test('can neither act nor read', async () => {
    const { telegram } = await startTelegram();
    const type = `${telegram.phoneUrl}/type`;
    const body = '{"topicId":1,"text":"forged"}';
    const { host } = new URL(telegram.apiRoot);
    expect(await raw(type, { ...json, host, origin: 'https://evil.example' }, body)).toBe(403);
    expect(await raw(type, { ...json, host, origin: 'null' }, body)).toBe(403);
    expect(await raw(type, { ...json, host, 'sec-fetch-site': 'cross-site' }, body)).toBe(403);
    expect(await raw(type, { 'content-type': 'text/plain', host }, body)).toBe(415);
    const rebound = { host: 'evil.example', origin: 'http://evil.example' };
    expect(await raw(type, { ...json, ...rebound }, body)).toBe(403);
    expect(await raw(`${telegram.phoneUrl}/messages?topic=1`, rebound)).toBe(403);
    expect(telegram.messages(1)).toEqual([]);
    expect(await raw(type, { ...json, host, origin: telegram.apiRoot }, body)).toBe(200);
    expect(await raw(type, { ...json, host: 'localhost:1', origin: 'http://localhost:1' }, body)).toBe(200);
  });

  test('a name that was allowed is no foreign one', async () => {
    const { telegram } = await startTelegram({ allowedHosts: ['demo.example'] });
    expect(await raw(telegram.phoneUrl, { host: 'demo.example' })).toBe(200);
  });
});

describe('acts', () => {
  test('do what a person would do with the phone', async () => {
    const { telegram, api, chat } = await startTelegram();
    const { message_thread_id: topicId } = await api.createForumTopic(chat, 'Ada');
    const act = async (name: string, input: unknown) =>
      (
        await fetch(`${telegram.phoneUrl}/${name}?as=Bea`, {
          method: 'POST',
          headers: json,
          body: JSON.stringify(input),
        })
      ).status;
    expect(await act('type', { topicId, text: 'helo' })).toBe(200);
    const { id: messageId } = await telegram.waitForMessage((message) => message.text === 'helo');
    expect(await act('edit', { messageId, text: 'hello' })).toBe(200);
    expect(telegram.message(messageId)).toMatchObject({ text: 'hello', from: { name: 'Bea' }, edited: true });
    expect(await act('photo', { topicId, caption: 'look' })).toBe(200);
    expect(await act('close', { topicId })).toBe(200);
    expect(await act('reopen', { topicId })).toBe(200);
    expect(await act('delete', { messageId })).toBe(200);
    expect(await act('delete-topic', { topicId })).toBe(200);
    expect(telegram.topics()).toEqual([]);
    expect((await api.getUpdates()).find((update) => update.message?.photo)?.message).toMatchObject({
      caption: 'look',
      photo: [{ width: 90 }, { width: 800 }],
    });
  });

  test('send files, which come back so that nothing in them can run', async () => {
    const { telegram } = await startTelegram();
    const send = (query: string, type = 'application/octet-stream') =>
      fetch(`${telegram.phoneUrl}/file?${query}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: '<script>alert(1)</script>',
      });
    expect((await send('topicId=1&name=a%22b.html&type=text/html&caption=see')).status).toBe(200);
    const [sent] = telegram.messages(1);
    expect(sent).toMatchObject({ type: 'document', text: 'see', file: { name: 'a"b.html', size: 25 } });
    const shown = await fetch(`${telegram.phoneUrl}/file?id=${sent?.file?.id}`);
    expect(await shown.text()).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''a%22b.html",
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect((await send('topicId=1', 'multipart/form-data; boundary=x')).status).toBe(415);
    expect((await send('topicId=9')).status).toBe(400);
    expect((await fetch(`${telegram.phoneUrl}/file?id=other`)).status).toBe(404);
    const elsewhere = telegram.addChat({ type: 'group' });
    expect((await fetch(`${telegram.phoneUrl}/file?chat=${elsewhere}&id=${sent?.file?.id}`)).status).toBe(
      404,
    );
  });

  test.each([
    ['type', { topicId: 99, text: 'x' }, 400, 'there is no topic 99'],
    ['type', { topicId: 1, text: ' ' }, 400, 'a message needs a text'],
    ['type', { text: 'x' }, 400, 'topicId is missing'],
    ['edit', { messageId: 4, text: 'x' }, 400, 'there is no message 4'],
    ['close', { topicId: 1, extra: true }, 200, undefined],
    ['constructor', {}, 404, 'there is no such act'],
    ['type', [], 400, 'an object is expected'],
    ['type', { topicId: 1, text: 'x'.repeat(70_000) }, 413, 'too long'],
  ])('%s %j answers %i', async (name, input, status, error) => {
    const { telegram } = await startTelegram();
    const response = await fetch(`${telegram.phoneUrl}/${name}`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as { error?: string };
    expect([response.status, answer.error]).toEqual([status, error]);
  });
});

describe('the stream', () => {
  test('begins with the list and tells what happens, with what is unread', async () => {
    const { telegram, api, chat } = await startTelegram();
    const { message_thread_id: topicId } = await api.createForumTopic(chat, 'Ada');
    const stream = await follow(`${telegram.phoneUrl}/stream`);
    const hello = await stream.next();
    expect(hello).toMatchObject({
      event: 'hello',
      data: { me: { name: 'Alex' }, topics: [{ id: 1 }, { id: topicId, unread: 0 }] },
    });
    await api.sendMessage(chat, 'hi', { message_thread_id: topicId });
    expect(await stream.next()).toMatchObject({
      event: 'message',
      data: { text: 'hi', from: { isBot: true } },
    });
    expect(await stream.next()).toMatchObject({
      event: 'topic',
      data: { unread: 1, lastMessage: { text: 'hi' } },
    });
    telegram.operator({ name: 'Alex', username: 'alex' }).read(topicId);
    expect(await stream.next()).toMatchObject({ event: 'topic', data: { unread: 0 } });
    await api.sendChatAction(chat, 'typing', { message_thread_id: topicId });
    expect(await stream.next()).toMatchObject({ event: 'action', data: { topicId, action: 'typing' } });
    await api.setMyCommands([{ command: 'close', description: 'Close' }]);
    expect(await stream.next()).toMatchObject({ event: 'commands', data: [{ command: 'close' }] });
    telegram.deleteTopic(topicId);
    expect(await stream.next()).toMatchObject({ event: 'topic', data: { deleted: true, title: '' } });
    await stream.cancel();
  });

  test('ends when the emulator closes', async () => {
    const { telegram } = await startTelegram();
    const stream = await follow(`${telegram.phoneUrl}/stream`);
    await stream.next();
    await telegram.close();
    await expect(stream.next()).rejects.toThrow();
  });
});

test('an app can serve both the phone and the API from its own server', async () => {
  const { telegram, chat } = await startTelegram();
  const app = createServer((incoming, response) => {
    if (!telegram.handler(incoming, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  try {
    await new Api(telegram.botToken, { apiRoot: root }).sendMessage(chat, 'through the app');
    expect((await fetch(`${root}/phone`)).status).toBe(200);
    expect((await fetch(`${root}/elsewhere`)).status).toBe(418);
    expect(telegram.messages(1)).toHaveLength(1);
  } finally {
    app.closeAllConnections();
    app.close();
  }
});

describe('another chat than the forum', () => {
  const get = async (address: string) => (await fetch(address)).json();

  test('is on the phone that asks for it', async () => {
    const { telegram, api } = await startTelegram();
    const group = telegram.addChat({ type: 'group', title: 'Small team', bot: 'administrator' });
    const { message_id } = await api.sendMessage(group, 'Somebody asks');
    const phone = await follow(`${telegram.phoneUrl}/stream?chat=${group}&as=Bea`);
    const hello = await phone.next();
    expect(hello.data).toMatchObject({
      chat: { id: Number(group), title: 'Small team', type: 'group' },
      topics: [{ id: 1, unread: 1, lastMessage: { text: 'Somebody asks' } }],
    });
    telegram.operator({ name: 'Bea' }).say('elsewhere');
    await fetch(`${telegram.phoneUrl}/type?chat=${group}&as=Bea`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ topicId: 1, text: 'answered', replyTo: message_id }),
    });
    expect((await phone.next()).data).toMatchObject({ text: 'answered', replyTo: { id: message_id } });
    await phone.cancel();
    expect(await get(`${telegram.phoneUrl}/messages?chat=${group}&topic=1`)).toMatchObject({
      messages: [{ text: 'Somebody asks' }, { text: 'answered', from: { name: 'Bea' } }],
    });
    expect((await fetch(`${telegram.phoneUrl}?chat=-1`)).status).toBe(404);
  });

  test('if it is private, only its person has it', async () => {
    const { telegram } = await startTelegram();
    const chat = telegram.addChat({ type: 'private', person: { name: 'Ada' } });
    telegram.operator({ name: 'Ada' }).in(chat).say('/start');
    const phone = await follow(`${telegram.phoneUrl}/stream?chat=${chat}&as=Bea`);
    expect((await phone.next()).data).toMatchObject({ me: { name: 'Ada' }, chat: { type: 'private' } });
    await phone.cancel();
    expect(() => telegram.operator({ name: 'Bea' }).in(chat)).toThrow("is not Bea's");
  });

  test('becomes flat when its topics are switched off', async () => {
    const { telegram, api, chat } = await startTelegram();
    const { message_thread_id } = await api.createForumTopic(chat, 'Ada');
    await api.sendMessage(chat, 'in the topic', { message_thread_id });
    const phone = await follow(`${telegram.phoneUrl}/stream`);
    expect((await phone.next()).data).toMatchObject({ topics: [{ id: 1 }, { id: message_thread_id }] });
    telegram.setForum(chat, false);
    const { data } = await phone.next();
    expect(data).toMatchObject({ topics: [{ id: 1, lastMessage: { text: 'in the topic', topicId: 1 } }] });
    await phone.cancel();
  });
});
