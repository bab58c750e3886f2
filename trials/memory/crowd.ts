import { Agent, request } from 'node:http';
import type { ConnectResponse } from '@pocketping/protocol';
import { WebSocket } from 'ws';

/** Requests that are under way at the same time. */
const AT_ONCE = 40;

/** Many visitors at once, who come, do a little of everything, and go. */
export class Crowd {
  readonly #url: string;
  readonly #name: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  /** @param name different for every crowd: the same visitor does not come twice */
  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  /** Visitors who get a token and do nothing with it. */
  async passBy(count: number): Promise<void> {
    await this.#inTurns(count, async (number) => {
      await this.#connect(number);
    });
    this.#agent.destroy();
  }

  /**
   * Visitors who all stay until everybody is there, each with a stream, and then go: some politely, some not.
   * @param together done while everybody is there
   */
  async visit(count: number, together: () => Promise<void>): Promise<void> {
    const streams: Stream[] = [];
    await this.#inTurns(count, async (number) => {
      const visitor = await this.#connect(number);
      const stream = number % 4 === 0 ? this.#serverSentEvents(visitor) : this.#webSocket(visitor, number);
      streams.push(stream);
      await stream.live;
      await this.#say(visitor);
      await stream.heard;
    });
    await together();
    for (const [number, stream] of streams.entries()) stream.leave(number % 3 === 0);
    await Promise.all(streams.map(({ gone }) => gone));
    this.#agent.destroy();
  }

  async #inTurns(count: number, act: (number: number) => Promise<void>): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < count) await act(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  #connect(number: number): Promise<ConnectResponse> {
    return this.#post<ConnectResponse>('/connect', { visitorId: `${this.#name}-${number}` });
  }

  async #say({ sessionId, token }: ConnectResponse): Promise<void> {
    await this.#post('/message', { sessionId, content: 'hello', clientMessageId: 'one' }, token);
    await this.#post('/typing', { sessionId }, token);
  }

  #webSocket({ sessionId, token, seq }: ConnectResponse, number: number): Stream {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/stream?sessionId=${sessionId}`);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', data: { token, after: seq } })));
    const stream = new Stream((politely) => (politely ? socket.close() : socket.terminate()));
    socket.on('message', (data) => {
      stream.hear(String(data));
      if (number % 2 === 0) socket.send(JSON.stringify({ type: 'typing', data: { isTyping: true } }));
    });
    socket.on('error', () => {});
    socket.on('close', () => stream.end());
    return stream;
  }

  #serverSentEvents({ sessionId, token, seq }: ConnectResponse): Stream {
    const asked = request(`${this.#url}/stream?sessionId=${sessionId}&after=${seq}`, {
      agent: false,
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    const stream = new Stream(() => asked.destroy());
    asked.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => stream.hear(text));
      response.on('error', () => {});
    });
    asked.on('error', () => {});
    asked.on('close', () => stream.end());
    asked.end();
    return stream;
  }

  #post<Answer>(path: string, body: object, token?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(`${this.#url}${path}`, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
          else reject(new Error(`${path} is answered ${response.statusCode}: ${text}`));
        });
      });
      asked.end(JSON.stringify(body));
    });
  }
}

/** One visitor's stream, as far as this trial cares. */
class Stream {
  /** The first ping has come. */
  readonly live: Promise<void>;
  /** The visitor's own message has come. */
  readonly heard: Promise<void>;
  readonly gone: Promise<void>;
  /** Tells that the stream is over. */
  end: () => void = () => {};
  readonly #awaited: { readonly words: string; readonly came: () => void }[] = [];
  #text = '';

  constructor(readonly leave: (politely: boolean) => void) {
    this.live = this.#hears('"type":"ping"');
    this.heard = this.#hears('"type":"message"');
    this.gone = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  hear(text: string): void {
    this.#text += text;
    for (const { words, came } of this.#awaited) if (this.#text.includes(words)) came();
  }

  #hears(words: string): Promise<void> {
    return new Promise((came) => this.#awaited.push({ words, came }));
  }
}
