import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { SlackEmulator } from '../src/index.js';
import { startSlack } from './slack.js';

const act = (slack: SlackEmulator, name: string, input: unknown, headers: Record<string, string> = {}) =>
  fetch(`${slack.phoneUrl}/${name}?as=Bea`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  });

/** The status that a request under another name gets; `fetch` does not let anybody choose it. */
const statusAs = (address: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(address, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the Slack phone', () => {
  it('shows its page, its own files, and nothing else', async () => {
    const { slack } = await startSlack();
    const page = await fetch(slack.phoneUrl);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('slack-app.js');
    for (const [path, status] of [
      ['slack-app.js', 200],
      ['../package.json', 404],
      ['nothing.js', 404],
      ['thread?ts=x&channel=C0', 404],
    ] as const) {
      expect((await fetch(`${slack.phoneUrl}/${path}`)).status).toBe(status);
    }
  });

  it('does as its owner, and says why it cannot', async () => {
    const { slack, ada } = await startSlack();
    const { ts } = ada.say('hello');
    expect((await act(slack, 'type', { threadTs: ts, text: 'hi' })).status).toBe(200);
    expect(slack.thread(ts)).toMatchObject([{ text: 'hi', from: { name: 'Bea' } }]);
    for (const [name, input, says] of [
      ['edit', { ts, text: 'x' }, /not Bea's/],
      ['type', { text: 'x' }, /threadTs is missing/],
      ['type', { threadTs: 'x', text: 'x' }, /no message x/],
      ['say', { text: ' ' }, /needs a text/],
    ] as const) {
      const answer = await act(slack, name, input);
      expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
        400,
        expect.stringMatching(says),
      ]);
    }
    expect((await act(slack, 'fly', {})).status).toBe(404);
  });

  it('listens to no other page', async () => {
    const { slack } = await startSlack();
    const say = { text: 'x' };
    expect((await act(slack, 'say', say, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await act(slack, 'say', say, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await act(slack, 'say', say, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(await statusAs(slack.phoneUrl, 'evil.example')).toBe(403);
    expect(slack.messages()).toEqual([]);
  });

  it('tells what happens, and what is new for its owner', async () => {
    const { slack, ada } = await startSlack();
    const { ts } = ada.say('hello');
    const stream = await fetch(`${slack.phoneUrl}/stream?as=Bea`);
    const reader = (stream.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let seen = '';
    const until = async (words: string) => {
      while (!seen.includes(words)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended before ${words}`);
        seen += value;
      }
    };
    await until('event: hello');
    ada.type(ts, 'a reply');
    await until('"unread":1');
    seen = '';
    await act(slack, 'read', { threadTs: ts });
    await until(`"ts":"${ts}"`);
    expect(seen).toContain('"unread":0');
    await reader.cancel();
  });
});
