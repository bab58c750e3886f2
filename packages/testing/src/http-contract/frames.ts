import { get, type IncomingMessage } from 'node:http';
import { type Frame, frame } from '@pocketping/protocol';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HttpContract } from './subject.js';
import type { Visitor } from './visitor.js';

/** How a stream ended: the code of a WebSocket, the status of a refusal, 0 for an end without either. */
export interface StreamEnd {
  readonly code: number;
}

/** A reader of one session's stream, whatever carries it. */
export class FrameReader {
  readonly ended: Promise<StreamEnd>;
  private readonly frames: Frame[] = [];
  private wake = () => {};
  private end: StreamEnd | undefined;
  private tellEnd: (end: StreamEnd) => void = () => {};

  constructor(
    readonly carrier: {
      pause(): void;
      resume(): void;
      close(): void;
      send?(frame: object): void;
      isOpen?(): boolean;
      /** Resolves when the server has read everything that was sent. */
      roundTrip?(): Promise<void>;
    },
  ) {
    this.ended = new Promise((resolve) => {
      this.tellEnd = resolve;
    });
  }

  push(json: string): void {
    this.frames.push(frame.parse(JSON.parse(json)));
    this.wake();
  }

  finish(end: StreamEnd): void {
    this.end ??= end;
    this.tellEnd(this.end);
    this.wake();
  }

  /** The next frame; undefined at the end. */
  async next(): Promise<Frame | undefined> {
    while (this.frames.length === 0 && !this.end) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.frames.shift();
  }

  /** Frames up to and including the first of a type, or up to the end. */
  async upTo(type: Frame['type']): Promise<Frame[]> {
    const seen: Frame[] = [];
    for (let next = await this.next(); next; next = await this.next()) {
      seen.push(next);
      if (next.type === type) break;
    }
    return seen;
  }
}

/** Opens a stream of a visitor's session from a cursor on. */
export type OpenStream = (
  visitor: Visitor,
  options: { after: number; sessionId?: string; token?: string; paused?: boolean },
) => FrameReader;

export const openWebSocket: OpenStream = (
  visitor,
  { after, sessionId = visitor.sessionId, token = visitor.token, paused },
) => {
  const query = new URLSearchParams({ sessionId });
  const ws = new WebSocket(`${visitor.url.replace('http', 'ws')}/stream?${query}`);
  const reader = new FrameReader({
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    close: () => ws.terminate(),
    send: (message) => ws.send(JSON.stringify(message)),
    isOpen: () => ws.readyState === WebSocket.OPEN,
    roundTrip: () =>
      new Promise((resolve) => {
        ws.once('pong', () => resolve());
        ws.ping();
      }),
  });
  ws.on('open', () => {
    ws.send(JSON.stringify({ type: 'hello', data: { token, after } }));
    if (paused) ws.pause();
  });
  ws.on('message', (data) => reader.push(data.toString()));
  ws.on('unexpected-response', (_request, response) => reader.finish({ code: response.statusCode ?? 0 }));
  ws.on('error', () => reader.finish({ code: 0 }));
  ws.on('close', (code) => reader.finish({ code }));
  return reader;
};

export const openServerSentEvents: OpenStream = (
  visitor,
  { after, sessionId = visitor.sessionId, token = visitor.token, paused },
) => {
  const query = new URLSearchParams({ sessionId, after: `${after}` });
  let response: IncomingMessage | undefined;
  const request = get(`${visitor.url}/stream?${query}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  const reader = new FrameReader({
    pause: () => response?.pause(),
    resume: () => response?.resume(),
    close: () => request.destroy(),
  });
  let pending = '';
  request.on('response', (incoming) => {
    response = incoming;
    if (incoming.statusCode !== 200) reader.finish({ code: incoming.statusCode ?? 0 });
    else expect(incoming.headers['content-type']).toBe('text/event-stream');
    incoming.setEncoding('utf8');
    incoming.on('data', (text: string) => {
      const events = (pending + text).split('\n\n');
      pending = events.pop() ?? '';
      for (const event of events) readEvent(reader, event);
    });
    incoming.on('error', () => reader.finish({ code: 0 }));
    incoming.on('close', () => reader.finish({ code: 0 }));
    if (paused) incoming.pause();
  });
  request.on('error', () => reader.finish({ code: 0 }));
  return reader;
};

const readEvent = (reader: FrameReader, event: string): void => {
  const fields = new Map(event.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  const data = fields.get('data');
  if (data === undefined) return;
  const { seq } = JSON.parse(data) as { seq?: number };
  expect(fields.get('id')).toBe(seq === undefined ? undefined : `${seq}`);
  reader.push(data);
};

/** Every carrier of the log that stays open and that the adapter has, by name. */
export const carriersOf = ({
  webSockets,
}: HttpContract): readonly (readonly [name: string, open: OpenStream])[] => [
  ...(webSockets === false ? [] : [['a WebSocket', openWebSocket] as const]),
  ['server-sent events', openServerSentEvents],
];

/** A test for adapters that have WebSockets. */
export const itWithWebSockets = ({
  webSockets,
}: HttpContract): ((name: string, test: () => Promise<void>) => void) =>
  webSockets === false ? () => {} : it;
