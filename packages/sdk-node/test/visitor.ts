import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

interface Frame {
  readonly type: string;
  readonly data: {
    readonly content?: string;
    readonly sender?: string;
    readonly name?: string;
    readonly data?: object;
  };
}

/** How requests are sent; by `fetch` unless said. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** A page with the chat, as far as the protocol can tell. */
export class Visitor {
  readonly frames: Frame[] = [];

  private constructor(
    readonly url: string,
    readonly sessionId: string,
    readonly welcomeMessage: string | undefined,
    readonly token: string,
    readonly seq: number,
    readonly send: Send,
  ) {}

  /** @param url where the protocol is mounted */
  static async connect(url: string, send: Send = fetch): Promise<Visitor> {
    const answer = await read(await send(`${url}/connect`, posting({ visitorId: 'v' })));
    const { sessionId, welcomeMessage, token, seq } = answer as Omit<Visitor, 'seq'> & { seq: number };
    return new Visitor(url, sessionId, welcomeMessage, token, seq, send);
  }

  say(content: string): Promise<object> {
    return this.#post('/message', { content });
  }

  trigger(name: string, data?: object): Promise<object> {
    return this.#post('/event', { name, data });
  }

  /** Follows the session over a WebSocket, from a page of that origin. */
  async openWebSocket(origin?: string): Promise<this> {
    const { sessionId, token, seq } = this;
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/stream?sessionId=${sessionId}`, {
      ...(origin !== undefined && { origin }),
    });
    onTestFinished(() => socket.terminate());
    socket.on('message', (text) => this.frames.push(JSON.parse(String(text))));
    await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
    socket.send(JSON.stringify({ type: 'hello', data: { token, after: seq } }));
    return this;
  }

  /** Follows the session over server-sent events. */
  async openEventStream(): Promise<this> {
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    const response = await this.send(`${this.url}/stream?sessionId=${this.sessionId}&after=${this.seq}`, {
      headers: { authorization: `Bearer ${this.token}`, accept: 'text/event-stream' },
      signal: ending.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    void this.#follow(response).catch(() => {});
    return this;
  }

  /** What was said to the visitor. */
  get heard(): string[] {
    return this.frames.flatMap(({ type, data }) =>
      type === 'message' && data.sender !== 'visitor' ? [data.content ?? ''] : [],
    );
  }

  /** Custom events, with their data. */
  get events(): [name: string | undefined, data: object | undefined][] {
    return this.frames.filter(({ type }) => type === 'event').map(({ data }) => [data.name, data.data]);
  }

  async #follow(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const events = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1];
        if (data !== undefined) this.frames.push(JSON.parse(data));
      }
    }
  }

  async #post(path: string, body: object): Promise<object> {
    return read(
      await this.send(this.url + path, posting({ sessionId: this.sessionId, ...body }, this.token)),
    );
  }
}

const posting = (body: object, token?: string): RequestInit => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  },
  body: JSON.stringify(body),
});

const read = async (response: Response): Promise<object> => {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
};
