import type { DirectUpload, FileServing, FileStore } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { content, differenceIn, smallContent } from './content.js';
import { anId, expectFile, expectNone, type FileStoreContract, freshStore, keep } from './fixture.js';

const PICTURE = { mimeType: 'image/png', size: 70_000 };
const MINUTE = 60_000;

/** For stores that clients may bring files to, and fetch them from, by themselves. */
export const describeDirect = (contract: FileStoreContract): void => {
  const { direct: descriptor } = contract;
  it(descriptor ? 'has direct' : 'has no direct, as its descriptor says', async () => {
    expect((await contract.create()).direct !== undefined).toBe(descriptor !== undefined);
  });
  if (!descriptor) return;

  const { pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = descriptor;
  const store = freshStore(contract);
  const direct = () => store().direct as NonNullable<FileStore['direct']>;

  describe('a direct upload', () => {
    it('brings the file that was announced', async () => {
      const id = anId();
      const upload = await direct().upload(id, PICTURE, Date.now() + MINUTE);
      await expectNone(store(), id);
      expect(await bring(upload, await smallContent(PICTURE.size))).toBe(true);
      await expectFile(store(), id, PICTURE.size);
    });

    it.each([
      ['one byte more', PICTURE.size + 1],
      ['one byte less', PICTURE.size - 1],
      ['nothing', 0],
      ['much more', 3_000_000],
    ] as const)('brings nothing when it is %s', async (_, size) => {
      const id = anId();
      const upload = await direct().upload(id, PICTURE, Date.now() + MINUTE);
      expect(await bring(upload, await smallContent(size))).toBe(false);
      await expectNone(store(), id);
    });

    it('brings nothing of another type', async () => {
      const id = anId();
      const { headers, ...upload } = await direct().upload(id, PICTURE, Date.now() + MINUTE);
      const other = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          /^content-type$/i.test(name) ? 'text/html' : value,
        ]),
      );
      expect(other).not.toEqual(headers);
      expect(await bring({ ...upload, headers: other }, await smallContent(PICTURE.size))).toBe(false);
      await expectNone(store(), id);
    });

    it('is for its file only', async () => {
      const [id, another] = [anId(), await keep(store(), 100, 1)];
      const upload = await direct().upload(id, PICTURE, Date.now() + MINUTE);
      const url = upload.url.replaceAll(id, another);
      expect(url).not.toBe(upload.url);
      expect(await bring({ ...upload, url }, await smallContent(PICTURE.size))).toBe(false);
      await expectFile(store(), another, 100, 1);
    });

    it('has to come in time', async () => {
      const [early, late] = [anId(), anId()];
      const [first, second] = await Promise.all(
        [early, late].map((id) => direct().upload(id, PICTURE, Date.now() + 2000)),
      );
      const bytes = await smallContent(PICTURE.size);
      expect(await bring(first as DirectUpload, bytes)).toBe(true);
      await pass(4000);
      expect(await bring(second as DirectUpload, bytes)).toBe(false);
      await expectNone(store(), late);
    });

    it.each(['', '..', 'msg_1', 'a/b'])('of no attachment is refused: %j', async (id) => {
      await expect(direct().upload(id, PICTURE, Date.now() + MINUTE)).rejects.toBeInstanceOf(TypeError);
      await expect(direct().url(id, INLINE, Date.now() + MINUTE)).rejects.toBeInstanceOf(TypeError);
    });
  });

  describe('an address', () => {
    const file = async () => {
      const id = anId();
      await store().write(id, content(PICTURE.size), PICTURE);
      return id;
    };

    it.each<FileServing>([
      { contentType: 'image/png', contentDisposition: 'inline' },
      { contentType: 'application/octet-stream', contentDisposition: 'attachment; filename="a b\\"c.bin"' },
      {
        contentType: 'text/plain; charset=utf-8',
        contentDisposition:
          'attachment; filename="R_sum_ 100%.txt"; filename*=UTF-8\'\'R%C3%A9sum%C3%A9%20100%25.txt',
      },
    ])('serves the file as it is told: $contentDisposition', async (serving) => {
      const response = await fetch(await direct().url(await file(), serving, Date.now() + MINUTE));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(serving.contentType);
      expect(response.headers.get('content-disposition')).toBe(serving.contentDisposition);
      expect(await differenceIn(response.body as ReadableStream<Uint8Array>, PICTURE.size)).toBeUndefined();
    });

    it('leads nowhere once its time is up', async () => {
      const url = await direct().url(await file(), INLINE, Date.now() + 2000);
      expect((await fetched(url)).ok).toBe(true);
      await pass(4000);
      expect((await fetched(url)).ok).toBe(false);
    });

    it('leads nowhere once the file is gone', async () => {
      const id = await file();
      const url = await direct().url(id, INLINE, Date.now() + MINUTE);
      await store().remove(id);
      expect((await fetched(url)).ok).toBe(false);
    });

    it('leads to its file only, and serves it in no other way', async () => {
      const [id, another] = [await file(), await file()];
      const url = await direct().url(id, INLINE, Date.now() + MINUTE);
      expect((await fetched(url.replaceAll(id, another))).ok).toBe(false);
      const altered = url.replaceAll(encodeURIComponent(INLINE.contentType), encodeURIComponent('text/html'));
      const response = await fetched(altered);
      if (response.ok) expect(response.headers.get('content-type')).toBe(INLINE.contentType);
    });

    it('lets nobody write', async () => {
      const id = await file();
      const url = await direct().url(id, INLINE, Date.now() + MINUTE);
      expect(await bring({ url, method: 'PUT', headers: {} }, await smallContent(PICTURE.size, 5))).toBe(
        false,
      );
      expect((await fetched(url, { method: 'DELETE' })).ok).toBe(false);
      await expectFile(store(), id, PICTURE.size);
    });
  });

  describeCopies(store, direct, descriptor.copies === true);
};

/** For stores that copy a file by themselves. */
const describeCopies = (
  store: () => FileStore,
  direct: () => NonNullable<FileStore['direct']>,
  copies: boolean,
): void => {
  it(copies ? 'copies' : 'does not copy, as its descriptor says', () => {
    expect(direct().copy !== undefined).toBe(copies);
  });
  if (!copies) return;
  const copy = (from: string, to: string) => direct().copy?.(from, to);

  describe('a copy', () => {
    it('stays what it is, whatever becomes of the first', async () => {
      const [id, another] = [anId(), anId()];
      const upload = await direct().upload(id, PICTURE, Date.now() + MINUTE);
      await bring(upload, await smallContent(PICTURE.size, 1));
      await copy(id, another);
      expect(await bring(upload, await smallContent(PICTURE.size, 2))).toBe(true);
      await expectFile(store(), another, PICTURE.size, 1);
      await store().remove(id);
      await expectFile(store(), another, PICTURE.size, 1);
    });

    it('takes the place of what was there', async () => {
      const [id, another] = [await keep(store(), 100, 1), await keep(store(), 70_000, 2)];
      await copy(id, another);
      await expectFile(store(), another, 100, 1);
    });

    it('of nothing is not found, and nothing comes of it', async () => {
      const id = anId();
      await expect(copy(anId(), id)).rejects.toMatchObject({ code: 'not_found' });
      await expectNone(store(), id);
    });

    it('takes nothing along that an upload said besides its bytes', async () => {
      const [id, another] = [anId(), anId()];
      const { headers, ...upload } = await direct().upload(id, PICTURE, Date.now() + MINUTE);
      const more = { ...headers, 'Content-Encoding': 'x-nonsense', 'Cache-Control': 'max-age=31536000' };
      await bring({ ...upload, headers: more }, await smallContent(PICTURE.size));
      await copy(id, another);
      const { headers: served } = await fetched(await direct().url(another, INLINE, Date.now() + MINUTE));
      expect([served.get('content-encoding'), served.get('cache-control')]).toEqual([null, null]);
    });

    it.each(['', '..', 'msg_1', 'a/b'])('of no attachment is refused: %j', async (id) => {
      await expect(copy(id, anId())).rejects.toBeInstanceOf(TypeError);
      await expect(copy(await keep(store(), 100, 1), id)).rejects.toBeInstanceOf(TypeError);
    });
  });
};

const INLINE = { contentType: 'image/png', contentDisposition: 'inline' };

/** Uploads as a browser would. @returns whether it was taken */
const bring = async ({ url, method, headers, fields }: DirectUpload, bytes: Uint8Array<ArrayBuffer>) => {
  if (method === 'PUT') return (await fetched(url, { method, headers, body: bytes })).ok;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value);
  form.append('file', new Blob([bytes]));
  return (await fetched(url, { method, headers, body: form })).ok;
};

/** An answer whose body was read, so that its connection is free. */
const fetched = async (url: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response;
};
