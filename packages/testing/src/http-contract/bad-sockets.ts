import { describe, expect, it } from 'vitest';
import { openWebSocket } from './frames.js';
import { handshake, RawConnection, rawFrame, rawWebSocket } from './raw.js';
import type { HttpContract } from './subject.js';
import { openWorld, until } from './world.js';

const MiB = 1024 * 1024;

export const describeBadSockets = (contract: HttpContract): void => {
  describe('a bad socket', () => {
    const text = Buffer.from('{"type":"hello","data":{"token":"x"}}');

    it.each<[what: string, bytes: Uint8Array, code: number]>([
      ['unmasked frames', rawFrame(0x1, text, { masked: false }), 1002],
      ['a bad opcode', rawFrame(0x3, text), 1002],
      ['a bad control opcode', rawFrame(0xb, Buffer.alloc(0)), 1002],
      ['a reserved bit', Buffer.concat([Buffer.from([0xc1]), rawFrame(0x1, text).subarray(1)]), 1002],
      ['bad UTF-8', rawFrame(0x1, Buffer.from([0x61, 0xff, 0xfe])), 1007],
      ['a length of 200 MB', rawFrame(0x1, Buffer.alloc(0), { length: 200 * MiB }), 1009],
      ['a length beyond all numbers', rawFrame(0x1, Buffer.alloc(0), { length: 2 ** 62 }), 1009],
      ['a frame of 50 MB', rawFrame(0x1, Buffer.alloc(50 * MiB)), 1009],
      ['4,097 bytes', rawFrame(0x1, Buffer.alloc(4097, 32)), 1009],
      ['8,193 bytes', rawFrame(0x1, Buffer.alloc(8193, 32)), 1009],
      ['binary frames', rawFrame(0x2, text), 1003],
      ['no JSON', rawFrame(0x1, Buffer.from('hello')), 4400],
      ['another frame first', rawFrame(0x1, Buffer.from('{"type":"typing","data":{"isTyping":true}}')), 4400],
      ['a hello without a token', rawFrame(0x1, Buffer.from('{"type":"hello","data":{}}')), 4400],
      ['a token nobody holds', rawFrame(0x1, text), 4401],
    ])('ends for %s, and the process does not', async (_what, bytes, code) => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const socket = await rawWebSocket(world.url, visitor.sessionId);
      expect(socket.text).toMatch(/^HTTP\/1.1 101 /);
      const head = socket.received.length;
      socket.write(bytes);
      await until(() => socket.received.length >= head + 4 || socket.closed);
      // A close frame (opcode 8), then its code.
      if (!socket.closed || socket.received.length > head) {
        expect(socket.received[head]).toBe(0x88);
        expect(socket.received.readUInt16BE(head + 2)).toBe(code);
      }
      await world.clock.advance(5000);
      await socket.closes();
      await visitor.send('still here');
    });

    it('ends when nobody says hello within 5 s', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const socket = await rawWebSocket(world.url, visitor.sessionId);
      const head = socket.received.length;
      await world.clock.advance(4999);
      expect(socket.received.length).toBe(head);
      await world.clock.advance(1);
      await until(() => socket.received.length > head);
      expect(socket.received.readUInt16BE(head + 2)).toBe(4400);
      await world.clock.advance(5000);
      await socket.closes();
    });

    it('ends after hello too, for a frame that does not belong', async () => {
      const world = await openWorld(contract);
      const reader = openWebSocket(await world.visitor(), { after: 0 });
      await reader.upTo('ping');
      reader.carrier.send?.({ type: 'message', data: { content: 'x' } });
      expect((await reader.ended).code).toBe(1008);
    });

    it('ends for more typing than fingers can do', async () => {
      const world = await openWorld(contract, { rateLimits: { typing: { requests: 3, perMs: 1000 } } });
      const reader = openWebSocket(await world.visitor(), { after: 0 });
      await reader.upTo('ping');
      for (let i = 0; i < 4; i++) reader.carrier.send?.({ type: 'typing', data: { isTyping: true } });
      expect((await reader.ended).code).toBe(4429);
    });

    it.each<[what: string, path: string, headers: Record<string, string>, status: number]>([
      ['a foreign origin', '/stream?sessionId=s', { origin: 'https://evil.example' }, 403],
      ['no session', '/stream', {}, 400],
      ['a cursor that is none', '/stream?sessionId=s&after=x', {}, 400],
      ['a bad key', '/stream?sessionId=s', { 'sec-websocket-key': 'short' }, 400],
      ['a version nobody speaks', '/stream?sessionId=s', { 'sec-websocket-version': '99' }, 400],
      ['another path', '/other', {}, 404],
    ])('is refused in plain HTTP for %s', async (_what, path, headers, status) => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      const socket = new RawConnection(world.url);
      socket.head('GET', path, { ...handshake, ...headers });
      await socket.hears(`HTTP/1.1 ${status} `);
      await socket.closes();
      await visitor.send('still here');
    });

    it('is one of a few while nobody knows whose it is', async () => {
      const world = await openWorld(contract, { pendingSockets: { perAddress: 2 } });
      const visitor = await world.visitor();
      const silent = [
        await rawWebSocket(world.url, visitor.sessionId),
        await rawWebSocket(world.url, visitor.sessionId),
      ];
      const third = await rawWebSocket(world.url, visitor.sessionId);
      expect(third.text).toMatch(/^HTTP\/1.1 429 /);
      for (const socket of silent) socket.socket.destroy();
      // Their end is noticed as soon as the server has seen it.
      let reader = openWebSocket(visitor, { after: 0 });
      while ((await reader.next())?.type !== 'ping') reader = openWebSocket(visitor, { after: 0 });
    });

    it('that breaks off anywhere harms nobody', async () => {
      const world = await openWorld(contract);
      const visitor = await world.visitor();
      for (const bytes of [0, 1, 5, 12]) {
        const socket = await rawWebSocket(world.url, visitor.sessionId);
        socket.write(rawFrame(0x1, text).subarray(0, bytes));
        socket.socket.resetAndDestroy();
        await socket.closes();
      }
      await visitor.send('still here');
    });
  });
};
