import { describe, expect, it } from 'vitest';
import { AnswerReader, type Latin1Bytes } from './answer.js';

const ok = (body: string) =>
  `HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`;

const inChunks = (...chunks: readonly string[]) =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${[...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}`;

const read = (reader: AnswerReader, text: string): number => {
  const chunk = Buffer.from(text) as Buffer & Latin1Bytes;
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
    const text = ok('{"ok":true}') + inChunks('0', 'x'.repeat(300)) + ok('x'.repeat(5000));
    for (let at = 1; at < text.length; at += 1) {
      const reader = new AnswerReader();
      expect(read(reader, text.slice(0, at)) + read(reader, text.slice(at)), `broken at ${at}`).toBe(3);
    }
  });

  it('counts an answer in chunks when its last one is there, with what trails it', () => {
    const reader = new AnswerReader();
    const text = inChunks('{"ok":', 'true}').replace(/\r\n$/, 'Server-Timing: db;dur=5\r\n\r\n');
    expect(read(reader, text.slice(0, -2))).toBe(0);
    expect(read(reader, text.slice(-2) + ok('a'))).toBe(2);
  });

  it('refuses a chunk that does not say how long it is', () => {
    const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n';
    expect(() => read(new AnswerReader(), text)).toThrow(/nonsense/);
  });

  it('refuses to count refusals', () => {
    expect(() =>
      read(new AnswerReader(), 'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n'),
    ).toThrow(/429/);
  });

  it('refuses an answer whose end it cannot know', () => {
    expect(() => read(new AnswerReader(), 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')).toThrow(/length/);
  });
});
