import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer.js';

const ok = (body: string) =>
  `HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`;

const read = (reader: AnswerReader, text: string): number => {
  const chunk = Buffer.from(text) as Buffer & { latin1Slice(start: number, end: number): string };
  return reader.read(chunk, chunk.length);
};

describe('AnswerReader', () => {
  it('counts answers that come whole, also without a body', () => {
    const reader = new AnswerReader();
    expect(read(reader, ok('{"ok":true}'))).toBe(1);
    expect(read(reader, ok(''))).toBe(1);
    expect(read(reader, ok('a') + ok('bb'))).toBe(2);
  });

  it('puts together what comes in pieces, wherever they break', () => {
    const text = ok('{"ok":true}') + ok('x'.repeat(5000));
    for (let at = 1; at < text.length; at += 7) {
      const reader = new AnswerReader();
      expect(read(reader, text.slice(0, at)) + read(reader, text.slice(at)), `broken at ${at}`).toBe(2);
    }
  });

  it('refuses to count refusals', () => {
    expect(() =>
      read(new AnswerReader(), 'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n'),
    ).toThrow(/429/);
  });

  it('refuses an answer whose end it cannot know', () => {
    expect(() => read(new AnswerReader(), 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')).toThrow(
      /length/,
    );
  });
});
