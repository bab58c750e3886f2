import { virtualClock } from '@pocketping/testing';
import { describe, expect, it, vi } from 'vitest';
import { Ending } from '../src/ending.js';
import { WebInput } from '../src/input.js';
import { responseOf, StreamedResponse } from '../src/response.js';

const never = () => new Ending(new AbortController().signal, virtualClock(), undefined);

describe('the end of an exchange', () => {
  it('comes once, when the client leaves or the time is up, and is told to who asks later, too', async () => {
    const clock = virtualClock();
    for (const end of [async (gone: AbortController) => gone.abort(), async () => clock.advance(1000)]) {
      const gone = new AbortController();
      const ending = new Ending(gone.signal, clock, 1000);
      const run = vi.fn();
      ending.whenOver(run);
      await end(gone);
      gone.abort();
      ending.end();
      await clock.advance(1000);
      expect(run).toHaveBeenCalledTimes(1);
      ending.whenOver(run);
      expect(run).toHaveBeenCalledTimes(2);
      expect(clock.pending).toBe(0);
    }
  });

  it('is there from the beginning where the client has left already', () => {
    const run = vi.fn();
    new Ending(AbortSignal.abort(), virtualClock(), undefined).whenOver(run);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('a body', () => {
  const inputOf = (body: NonNullable<RequestInit['body']> | null, init: RequestInit = {}) =>
    new WebInput(
      new Request('https://shop.example/x', { method: 'POST', body, duplex: 'half', ...init }),
      '/x',
      never(),
    );

  it('is read up to its limit, in however many pieces it comes', async () => {
    const pieces = () => new Blob(['ab', 'cd', 'ef']).stream();
    expect(new TextDecoder().decode(await inputOf(pieces()).body(6))).toBe('abcdef');
    await expect(inputOf(pieces()).body(5)).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(await inputOf(null).body(5)).toHaveLength(0);
  });

  it('that says it is too long is not read at all', async () => {
    const pull = vi.fn();
    const body = new ReadableStream({ pull }, { highWaterMark: 0 });
    const asked = inputOf(body, { headers: { 'content-length': '6' } }).body(5);
    await expect(asked).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(pull).not.toHaveBeenCalled();
  });

  it('that turns out to be too long is read no further', async () => {
    const cancel = vi.fn();
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(4)),
      cancel,
    });
    await expect(inputOf(body).body(5)).rejects.toMatchObject({ code: 'payload_too_large' });
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledTimes(1));
  });

  it('that ends because its client has left is no whole one', async () => {
    const gone = new AbortController();
    const body = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(new Uint8Array([123]));
        gone.abort();
        controller.close();
      },
    });
    const request = new Request('https://shop.example/x', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    // Next's request tells by its signal alone that the connection has ended.
    const asked = new Proxy(request, {
      get: (real, name) => (name === 'signal' ? gone.signal : Reflect.get(real, name)),
    });
    await expect(new WebInput(asked, '/x', never()).body(5)).rejects.toMatchObject({ code: 'invalid_json' });
  });
});

describe('an answer', () => {
  it('says nothing about the connection, which is the server’s affair', () => {
    const response = responseOf({ status: 200, headers: { connection: 'close', 'x-a': 'b' }, body: 'é' });
    expect([...response.headers]).toEqual([
      ['content-length', '2'],
      ['x-a', 'b'],
    ]);
  });

  it('without content has none', async () => {
    const response = responseOf({ status: 204, headers: {}, body: '' });
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it('that goes on counts what nobody has taken yet, until it is over', async () => {
    const ending = never();
    const streamed = new StreamedResponse(ending);
    const { body } = streamed.response({ status: 200, headers: {}, body: '' });
    streamed.write('12345');
    expect(streamed.bufferedBytes).toBe(5);
    const reader = body?.getReader();
    await reader?.read();
    expect(streamed.bufferedBytes + 0).toBe(0);
    streamed.write('123');
    const gone = vi.fn();
    streamed.onGone(gone);
    await reader?.cancel();
    expect([gone.mock.calls.length, streamed.bufferedBytes]).toEqual([1, 0]);
    expect(() => streamed.write('more')).not.toThrow();
  });
});
