import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  ConnectResponse,
  Frame,
  MessagesResponse,
  UploadCompleteResponse,
  UploadResponse,
  WireMessage,
} from '@pocketping/protocol';
import { WebSocket } from 'ws';
import { until } from '../until.js';
import { FILE, type Known, type KnownPlatform } from './valid-values.js';

const EVERY_MS = 20;

/** Somebody who does everything right while others do not, and wants every message taken at once and kept. */
export class WellBehaved {
  readonly #url: string;
  readonly #connected: ConnectResponse;
  readonly #sent: string[] = [];
  readonly #streamed: string[] = [];
  readonly #stream: WebSocket;
  #over = false;
  #writing: Promise<void>;

  static async arrive(url: string): Promise<WellBehaved> {
    return new WellBehaved(url, await connectTo(url, 'well-behaved'));
  }

  private constructor(url: string, connected: ConnectResponse) {
    this.#url = url;
    this.#connected = connected;
    this.#stream = new WebSocket(`${url.replace('http', 'ws')}/stream?sessionId=${connected.sessionId}`);
    this.#stream.on('open', () =>
      this.#stream.send(
        JSON.stringify({ type: 'hello', data: { token: connected.token, after: connected.seq } }),
      ),
    );
    this.#stream.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      if (frame.type === 'message' && isOwn(frame.data)) this.#streamed.push(frame.data.content);
    });
    this.#writing = this.#write();
    // Told by `leave`.
    this.#writing.catch(() => {});
  }

  /** Ends, and looks whether everything is there, once and in order. @throws AssertionError */
  async leave(): Promise<number> {
    this.#over = true;
    await this.#writing;
    await until(() => this.#streamed.length >= this.#sent.length, 'the stream has brought everything');
    this.#stream.close();
    assert.deepEqual(this.#streamed, this.#sent, 'what came over the stream');
    assert.deepEqual(await this.#history(), this.#sent, 'what the history holds');
    return this.#sent.length;
  }

  async #write(): Promise<void> {
    for (let number = 1; !this.#over; number++) {
      const content = `message ${number}`;
      this.#sent.push(content);
      const { status } = await this.#ask('/message', {
        method: 'POST',
        body: JSON.stringify({
          sessionId: this.#connected.sessionId,
          content,
          clientMessageId: `well-behaved-${number}`,
        }),
      });
      assert.equal(status, 200, `${content} is taken`);
      await pause(EVERY_MS);
    }
  }

  async #history(): Promise<string[]> {
    const contents: string[] = [];
    let after = '0';
    for (;;) {
      const query = new URLSearchParams({ sessionId: this.#connected.sessionId, after, limit: '100' });
      const page = (await (await this.#ask(`/messages?${query}`, {})).json()) as MessagesResponse;
      contents.push(...page.messages.filter(isOwn).map(({ content }) => content));
      after = `${page.messages.at(-1)?.seq}`;
      if (!page.hasMore) return contents;
    }
  }

  #ask(path: string, init: RequestInit): Promise<globalThis.Response> {
    return fetch(this.#url + path, { ...init, headers: headersOf(this.#connected.token) });
  }
}

/** What a forged call of the platform makes the team say is none of this visitor's doing. */
const isOwn = ({ sender }: WireMessage): boolean => sender === 'visitor';

/** A conversation with messages in it, for requests to be about. */
export const conversationAt = async (
  url: string,
  visitorId: string,
  platform: KnownPlatform,
): Promise<Known> => {
  const { sessionId, token = '', visitorId: own } = await connectTo(url, visitorId);
  const messageIds: string[] = [];
  for (const content of ['one', 'two', 'three']) {
    const response = await fetch(`${url}/message`, {
      method: 'POST',
      headers: headersOf(token),
      body: JSON.stringify({ sessionId, content }),
    });
    messageIds.push(((await response.json()) as { messageId: string }).messageId);
  }
  const file = await fileAt(url, sessionId, token);
  return { sessionId, token, visitorId: own, messageIds, platform, ...file };
};

/** Brings two files and announces a third; the first goes with a message. */
const fileAt = async (
  url: string,
  sessionId: string,
  token: string,
): Promise<Pick<Known, 'attachmentIds' | 'key'>> => {
  const ask = async (method: string, path: string, body: object | Buffer) => {
    const raw = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
    const response = await fetch(url + path, { method, headers: headersOf(token), body: raw });
    assert.equal(response.status, 200, `${method} ${path}`);
    return response.json();
  };
  const announce = async () => {
    const answer = await ask('POST', '/upload', { sessionId, name: 'words.txt', size: FILE.length });
    return (answer as UploadResponse).attachmentId;
  };
  const attachmentIds = [await announce(), await announce(), await announce()];
  const [attached = '', arrived = ''] = attachmentIds;
  for (const id of [attached, arrived]) await ask('PUT', `/upload/${id}`, FILE);
  await ask('POST', '/message', { sessionId, content: 'four', attachmentIds: [attached] });
  const completed = await ask('POST', '/upload/complete', { sessionId, attachmentId: attached });
  const { attachment } = completed as UploadCompleteResponse;
  return { attachmentIds, key: new URLSearchParams(attachment.url?.split('?')[1]).get('key') ?? '' };
};

const connectTo = async (url: string, visitorId: string): Promise<ConnectResponse> => {
  const body = JSON.stringify({ visitorId });
  const response = await fetch(`${url}/connect`, { method: 'POST', headers: headersOf(undefined), body });
  assert.equal(response.status, 200);
  return (await response.json()) as ConnectResponse;
};

const headersOf = (token: string | undefined): Record<string, string> => ({
  'content-type': 'application/json',
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
});
