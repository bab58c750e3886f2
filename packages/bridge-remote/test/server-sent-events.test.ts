import { streamOf } from '@pocketping/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverSentEvents } from '../src/server-sent-events.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

const eventsIn = async (text: string, pieceBytes = 7) => {
  const events = [];
  for await (const event of serverSentEvents(streamOf(bytesOf(text), undefined, pieceBytes))) {
    if (event) events.push(event);
  }
  return events;
};

describe('server-sent events', () => {
  it('have data, and an id of their own', async () => {
    expect(await eventsIn('id: 7\ndata: one\n\ndata:two\n\n')).toEqual([
      { id: '7', data: 'one' },
      { data: 'two' },
    ]);
  });

  it('may have several lines, comments in between, and fields that nobody knows', async () => {
    expect(await eventsIn('\uFEFF: hi\nretry: 5\ndata: a\n:\nwhat\ndata\ndata:  b\n\n')).toEqual([
      { data: 'a\n\n b' },
    ]);
  });

  it('that the end cuts are left out', async () => {
    expect(await eventsIn('data: one\n\nid: 2\ndata: tw')).toEqual([{ data: 'one' }]);
  });

  it('show signs of life between them', async () => {
    const signs = [];
    for await (const event of serverSentEvents(streamOf(bytesOf(': beat\n\ndata:x\n\n'), undefined, 8))) {
      signs.push(event?.data);
    }
    expect(signs).toEqual([undefined, 'x']);
  });

  it('are the same whatever ends their lines, and wherever they are cut', async () => {
    const data = fc.array(
      fc.string({ unit: 'grapheme' }).map((line) => line.replace(/[\r\n]/g, '')),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const end = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(data), end, fc.integer({ min: 1, max: 9 }), async (all, eol, pieceBytes) => {
        const text = all.map((lines) => `${lines.map((line) => `data: ${line}${eol}`).join('')}${eol}`);
        const read = await eventsIn(text.join(''), pieceBytes);
        expect(read).toEqual(all.map((lines) => ({ data: lines.join('\n') })));
      }),
    );
  });

  it('that never end are given up', async () => {
    const endless = 'x'.repeat(1024 * 1024 + 1);
    await expect(eventsIn(`data: ${endless}`, 64 * 1024)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(eventsIn(`data: ${'x'.repeat(99)}\n`.repeat(12_000), 64 * 1024)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('are no longer sent once nobody reads them', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (body) => body.enqueue(bytesOf('data: x\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const _ of serverSentEvents(stream)) break;
    expect(cancelled).toBe(true);
  });
});
