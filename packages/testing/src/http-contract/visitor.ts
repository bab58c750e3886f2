import {
  type ConnectResponse,
  changeResponse,
  connectResponse,
  errorBody,
  eventsResponse,
  type Frame,
  messageResponse,
  messagesResponse,
  type WireMessage,
} from '@pocketping/protocol';
import { expect } from 'vitest';

/** An HTTP answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface Asked {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Record<string, string>;
  /** Instead of the visitor's own; null for none. */
  readonly token?: string | null;
}

/** A browser, as far as the protocol can tell. */
export class Visitor {
  token: string | undefined;
  sessionId = '';

  constructor(
    readonly url: string,
    public visitorId: string,
  ) {}

  async ask(method: string, path: string, { body, raw, headers, token = this.token ?? null }: Asked = {}) {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(content !== undefined && { body: content }),
    });
    return answered(response);
  }

  post(path: string, body: object, asked: Asked = {}): Promise<Answered> {
    return this.ask('POST', path, { ...asked, body });
  }

  /** Connects and keeps what the server gave. */
  async connect(more: object = {}): Promise<ConnectResponse> {
    const answer = await this.post('/connect', { visitorId: this.visitorId, ...more });
    expect(answer).toMatchObject({ status: 200 });
    const connected = connectResponse.strict().parse(answer.json);
    this.token = connected.token ?? this.token;
    this.sessionId = connected.sessionId;
    this.visitorId = connected.visitorId;
    return connected;
  }

  async send(content: string, more: object = {}) {
    const answer = await this.post('/message', { sessionId: this.sessionId, content, ...more });
    expect(answer).toMatchObject({ status: 200 });
    return messageResponse.strict().parse(answer.json);
  }

  async messages(query: Record<string, string> = {}): Promise<{ messages: WireMessage[]; hasMore: boolean }> {
    const answer = await this.get('/messages', query);
    expect(answer).toMatchObject({ status: 200 });
    return messagesResponse.strict().parse(answer.json);
  }

  async events(
    query: Record<string, string> = {},
  ): Promise<{ events: Frame[]; seq: number; hasMore: boolean }> {
    const answer = await this.get('/events', query);
    expect(answer).toMatchObject({ status: 200 });
    return eventsResponse.strict().parse(answer.json);
  }

  get(path: string, query: Record<string, string> = {}): Promise<Answered> {
    return this.ask('GET', `${path}?${new URLSearchParams({ sessionId: this.sessionId, ...query })}`);
  }

  /** What the conversation holds, as texts. */
  async contents(): Promise<string[]> {
    return (await this.messages()).messages.map(({ content }) => content);
  }
}

const answered = async (response: Response): Promise<Answered> => {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
  const { status, headers } = response;
  return { status, headers, text, json: isJson ? JSON.parse(text) : undefined };
};

/** Holds a refusal to its form: status, code, a message for people, and the request's name in the log. */
export const expectRefusal = (answer: Answered, status: number, code: string): void => {
  expect(answer).toMatchObject({ status });
  const { error } = errorBody.strict().parse(answer.json);
  expect(error.code).toBe(code);
  expect(error.message).not.toBe('');
  expect(error.requestId).toMatch(/^req_./);
};

export const changed = (answer: Answered) => {
  expect(answer).toMatchObject({ status: 200 });
  return changeResponse.strict().parse(answer.json);
};
