import { MemoryFileStore, type PocketPingOptions } from '@pocketping/core';
import { uploadCompleteResponse, uploadResponse, type WireAttachment } from '@pocketping/protocol';
import { describe, expect, it } from 'vitest';
import { RawConnection } from './raw.js';
import type { HttpContract, ServeOptions } from './subject.js';
import { expectRefusal, type Visitor } from './visitor.js';
import { openWorld, until } from './world.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108020000009077', 'hex');
const HTML = Buffer.from('<!doctype html><script>alert(document.domain)</script>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
/** A picture, as far as its first bytes tell, and a page for a browser that would believe it. */
const POLYGLOT = Buffer.concat([Buffer.from('GIF89a\x01\0\x01\0\0\0\0'), HTML]);

export const describeFiles = (contract: HttpContract): void => {
  describe('files', () => {
    const open = async (uploads: PocketPingOptions['uploads'] = {}, options: ServeOptions = {}) => {
      const store = new MemoryFileStore();
      const world = await openWorld(contract, options, () => ({}), { files: store, uploads });
      const visitor = await world.visitor();
      return { ...world, store, visitor };
    };

    it('come, are sent, and are read by whoever has their address', async () => {
      const { visitor, url } = await open();
      const attachment = await bring(visitor, '../../été "1".png', PNG);
      expect(attachment).toMatchObject({ name: 'été _1_.png', mimeType: 'image/png', size: PNG.length });
      await visitor.send('', { attachmentIds: [attachment.id] });
      const [message] = (await visitor.messages()).messages;
      expect(message?.attachments).toEqual([attachment]);
      const answer = await fetch(url + attachment.url);
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/png',
        ...(contract.ownsConnections !== false && { 'content-length': `${PNG.length}` }),
        'content-disposition': `inline; filename="_t_ _1_.png"; filename*=UTF-8''%C3%A9t%C3%A9%20_1_.png`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
      });
      const head = await fetch(url + attachment.url, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(head.headers.get('content-length')).toBe(answer.headers.get('content-length'));
    });

    it.each([
      ['a page', 'page.png', HTML, 'text/plain; charset=utf-8', 'attachment'],
      ['a drawing that may hold programs', 'logo.svg', SVG, 'text/plain; charset=utf-8', 'attachment'],
      ['a picture that is a page too', 'page.html', POLYGLOT, 'image/gif', 'inline'],
      ['an archive', 'a.zip', Buffer.from('504b0304140000000000', 'hex'), 'application/zip', 'attachment'],
    ])('are served as what they are: %s', async (_, name, bytes, type, disposition) => {
      const { visitor, url } = await open();
      const { url: address } = await bring(visitor, name, bytes);
      const answer = await fetch(url + address);
      expect(answer.headers.get('content-type')).toBe(type);
      expect(answer.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    });

    it('are read in parts', async () => {
      const { visitor, url } = await open();
      const address = url + (await bring(visitor, 'a.png', PNG)).url;
      const ask = async (range: string) => {
        const answer = await fetch(address, { headers: { range } });
        const bytes = Buffer.from(await answer.arrayBuffer());
        return [answer.status, answer.headers.get('content-range'), bytes.toString('hex')];
      };
      const { length } = PNG;
      expect(await ask('bytes=0-3')).toEqual([206, `bytes 0-3/${length}`, '89504e47']);
      expect(await ask('bytes=-2')).toEqual([206, `bytes ${length - 2}-${length - 1}/${length}`, '9077']);
      expect(await ask(`bytes=${length - 1}-`)).toEqual([
        206,
        `bytes ${length - 1}-${length - 1}/${length}`,
        '77',
      ]);
      expect(await ask('bytes=0-999999')).toEqual([
        206,
        `bytes 0-${length - 1}/${length}`,
        PNG.toString('hex'),
      ]);
      expect(await ask(`bytes=${length}-`)).toEqual([416, `bytes */${length}`, '']);
      expect(await ask('bytes=-0')).toEqual([416, `bytes */${length}`, '']);
      for (const range of ['bytes=2-1', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=0-1'])
        expect(await ask(range)).toEqual([200, null, PNG.toString('hex')]);
    });

    it('are read by nobody else', async () => {
      const { visitor, url } = await open();
      const { id, url: address } = await bring(visitor, 'a.png', PNG);
      const announced = await announce(visitor, 'b.png', 9);
      const wrong = [
        `/files/${id}`,
        `${address}x`,
        `/files/${id}?key=`,
        `/files/${id}?expires=9999999999999&signature=x`,
        `/files/${announced.attachmentId}?key=`,
        '/files/att_nothing?key=x',
        '/files/..%2f..%2fetc%2fpasswd?key=x',
      ];
      for (const path of wrong) {
        const answer = await visitor.ask('GET', path);
        expectRefusal(answer, 404, 'not_found');
      }
      expect((await fetch(url + address)).status).toBe(200);
    });

    it('need a token to come, and a size that is one', async () => {
      const { visitor } = await open({ maxBytes: 1000 });
      const { sessionId } = visitor;
      const request = { sessionId, name: 'a.png', size: 9 };
      expectRefusal(await visitor.post('/upload', request, { token: null }), 401, 'unauthorized');
      for (const size of [0, -1, 0.5, '9', 2 ** 60])
        expectRefusal(await visitor.post('/upload', { ...request, size }), 400, 'validation_failed');
      expectRefusal(await visitor.post('/upload', { ...request, size: 1001 }), 413, 'payload_too_large');
      const { uploadUrl } = await announce(visitor, 'a.png', 9);
      expectRefusal(await put(visitor, uploadUrl, PNG, { token: null }), 401, 'unauthorized');
      expectRefusal(await put(visitor, '/upload/att_nothing', PNG), 404, 'not_found');
    });

    it.each([0, 1, -1])('come with exactly as many bytes as announced, not %i more', async (more) => {
      const { visitor, store } = await open();
      const { uploadUrl } = await announce(visitor, 'a.png', PNG.length - more);
      const answer = await put(visitor, uploadUrl, PNG);
      if (more === 0) return expect(answer.status).toBe(200);
      if (more > 0) expectRefusal(answer, 413, 'payload_too_large');
      else expectRefusal(answer, 400, 'validation_failed');
      return expect(store.ids).toEqual([]);
    });

    it('come by POST too, for servers to which nothing else comes through', async () => {
      const { visitor, url } = await open();
      const { attachmentId, uploadUrl, method } = await announce(visitor, 'a.png', PNG.length);
      expect(method).toBe(contract.uploadMethod ?? 'PUT');
      const headers = { 'content-type': 'image/png' };
      expect(await visitor.ask('POST', uploadUrl, { raw: PNG, headers })).toMatchObject({ status: 200 });
      const complete = { sessionId: visitor.sessionId, attachmentId };
      const { json } = await visitor.post('/upload/complete', complete);
      const { attachment } = uploadCompleteResponse.strict().parse(json);
      expect(Buffer.from(await (await fetch(url + attachment.url)).arrayBuffer())).toEqual(PNG);
    });

    it('are refused where their bytes are a program, whatever their name and type', async () => {
      const { visitor, store } = await open();
      const bytes = Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(60)]);
      const { uploadUrl } = await announce(visitor, 'photo.png', bytes.length);
      const answer = await put(visitor, uploadUrl, bytes, { headers: { 'content-type': 'image/png' } });
      expectRefusal(answer, 415, 'unsupported_media_type');
      expect(store.ids).toEqual([]);
    });

    it('that break off half way leave nothing, and can come again', async () => {
      const { visitor, store, logger } = await open();
      const { attachmentId, uploadUrl } = await announce(visitor, 'a.txt', 300_000);
      const raw = new RawConnection(visitor.url);
      raw.head('PUT', uploadUrl, {
        authorization: `Bearer ${visitor.token}`,
        'content-type': 'application/octet-stream',
        'content-length': '300000',
      });
      raw.write(Buffer.alloc(150_000, 'a'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      raw.socket.destroy();
      await raw.closes();
      const complete = { sessionId: visitor.sessionId, attachmentId };
      expectRefusal(await visitor.post('/upload/complete', complete), 409, 'conflict');
      expect((await put(visitor, uploadUrl, Buffer.alloc(300_000, 'b'))).status).toBe(200);
      await until(() => store.ids.length === 1);
      expect(await visitor.post('/upload/complete', complete)).toMatchObject({ status: 200 });
      expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    });

    it('come many at once, and no more than ten in a message', async () => {
      const { visitor } = await open({ perVisitor: { files: 100 } });
      const sizes = Array.from({ length: 20 }, (_, n) => n + PNG.length);
      const all = await Promise.all(
        sizes.map((size) => bring(visitor, 'a.png', Buffer.concat([PNG, Buffer.alloc(size - PNG.length)]))),
      );
      expect(new Set(all.map(({ id }) => id)).size).toBe(sizes.length);
      const most = all.slice(0, 10).map(({ id }) => id);
      await visitor.send('', { attachmentIds: most });
      const refused = (attachmentIds: string[]) =>
        visitor.post('/message', { sessionId: visitor.sessionId, content: 'x', attachmentIds });
      expectRefusal(await refused(all.map(({ id }) => id)), 400, 'validation_failed');
      expectRefusal(await refused([all[11]?.id ?? '', all[11]?.id ?? '']), 400, 'validation_failed');
      expectRefusal(await refused([]), 400, 'validation_failed');
      expectRefusal(await refused([most[0] ?? '']), 404, 'not_found');
    });

    it('have a budget for an address, however many visitors it makes up', async () => {
      const rateLimits = { uploadedBytes: { requests: 100, perMs: 10_000 } };
      const { visitor, clock, stranger } = await open({}, { rateLimits });
      await announce(visitor, 'a.png', 60);
      const other = stranger();
      await other.connect();
      const refused = await other.post('/upload', { sessionId: other.sessionId, name: 'b.png', size: 50 });
      expectRefusal(refused, 429, 'rate_limited');
      expect(refused.headers.get('retry-after')).toBe('1');
      await announce(other, 'b.png', 40);
      await clock.advance(10_000);
      await announce(other, 'c.png', 100);
    });

    it('are not taken where there is no place for them', async () => {
      const visitor = await (await openWorld(contract)).visitor();
      const request = { sessionId: visitor.sessionId, name: 'a.png', size: 9 };
      expectRefusal(await visitor.post('/upload', request), 404, 'not_found');
      expect((await visitor.connect()).uploads).toBeUndefined();
    });
  });
};

const OCTETS = { 'content-type': 'application/octet-stream' };

const announce = async (visitor: Visitor, name: string, size: number) => {
  const answer = await visitor.post('/upload', { sessionId: visitor.sessionId, name, size });
  expect(answer).toMatchObject({ status: 200 });
  return uploadResponse.strict().parse(answer.json);
};

const put = (visitor: Visitor, path: string, raw: Uint8Array, more: object = {}) =>
  visitor.ask('PUT', path, { raw, headers: OCTETS, ...more });

const bring = async (visitor: Visitor, name: string, bytes: Uint8Array): Promise<WireAttachment> => {
  const { attachmentId, uploadUrl, method } = await announce(visitor, name, bytes.length);
  expect(uploadUrl).toBe(`/upload/${attachmentId}`);
  expect(await visitor.ask(method, uploadUrl, { raw: bytes, headers: OCTETS })).toMatchObject({
    status: 200,
  });
  const request = { sessionId: visitor.sessionId, attachmentId };
  const answer = await visitor.post('/upload/complete', request);
  expect(answer).toMatchObject({ status: 200 });
  return uploadCompleteResponse.strict().parse(answer.json).attachment;
};
