import { newId } from '@pocketping/core';
import { S3FileStore, type S3FileStoreOptions } from '@pocketping/files-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUCKET, CREDENTIALS, refuse, type Store, startStore } from './store.js';

const MIB = 1024 * 1024;
const about = { mimeType: 'image/png' };
const PICTURE = { size: 5, mimeType: 'image/png' };
const anId = () => newId('attachment', Date.now());
const hours = (count: number) => Date.now() + count * 3_600_000;

let store: Store;
beforeAll(async () => {
  store = await startStore();
});
beforeEach(() => {
  store.requests.length = 0;
});
afterEach(() => {
  store.interfere = undefined;
});
afterAll(() => store.close());

const filesIn = (options: Partial<S3FileStoreOptions> = {}) =>
  new S3FileStore({ bucket: BUCKET, endpoint: store.endpoint, credentials: CREDENTIALS, ...options });

const directOf = (files: S3FileStore) => files.direct as NonNullable<S3FileStore['direct']>;

/** A stream of so many MiB, then `failure` if there is one. */
const stream = (mebibytes: number, { failure, cancel }: { failure?: Error; cancel?: () => void } = {}) => {
  let given = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (given++ < mebibytes) controller.enqueue(new Uint8Array(MIB).fill(given));
        else if (failure) controller.error(failure);
        else controller.close();
      },
      ...(cancel && { cancel }),
    },
    { highWaterMark: 0 },
  );
};

const methods = () => store.requests.map((request) => request.replace(/ .*[?&](\w+)=?.*$| .*$/, ' $1'));

describe('a file in the bucket', () => {
  it('has the prefix and its id for a key', async () => {
    const id = anId();
    await filesIn({ prefix: 'chat/files/' }).write(id, stream(1), about);
    expect(store.requests).toEqual([expect.stringMatching(`^PUT /${BUCKET}/chat/files/${id}`)]);
    expect(await filesIn().size(id)).toBeNull();
    expect(await filesIn({ prefix: 'chat/files/' }).size(id)).toBe(MIB);
  });

  it('comes in equal parts when it is large, and in one request when it is not', async () => {
    const files = filesIn();
    const lengths: number[] = [];
    store.interfere = (req) => {
      if (req.method === 'PUT') lengths.push(Number(req.headers['content-length']));
      return false;
    };
    await files.write(anId(), stream(4), about);
    await files.write(anId(), stream(5), about);
    await files.write(anId(), stream(12), about);
    expect(lengths.map((length) => length / MIB)).toEqual([4, 5, 5, 5, 2]);
    expect(await store.unfinished()).toEqual([]);
  });

  it('whose stream fails leaves no parts behind', async () => {
    const failure = new Error('The visitor left.');
    const id = anId();
    await expect(filesIn().write(id, stream(12, { failure }), about)).rejects.toBe(failure);
    expect(methods().at(-1)).toMatch(/^DELETE/);
    expect(await store.unfinished()).toEqual([]);
    expect(await filesIn().size(id)).toBeNull();
  });

  it.each([
    ['a part', (method: string, url: string) => method === 'PUT' && url.includes('partNumber=2')],
    ['its completion', (method: string, url: string) => method === 'POST' && url.includes('uploadId=')],
  ])('of which the store refuses %s leaves no parts behind', async (_, refused) => {
    store.interfere = (req, res) => {
      if (!refused(req.method ?? '', req.url ?? '')) return false;
      refuse(req, res, 403, 'AccessDenied');
      return true;
    };
    const cancel = vi.fn();
    const id = anId();
    const error = await filesIn()
      .write(id, stream(12, { cancel }), about)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'PocketPingError', code: 'unavailable', retryable: true });
    expect(String(error)).toContain('does not let these credentials in');
    expect(await store.unfinished()).toEqual([]);
    store.interfere = undefined;
    expect(await filesIn().size(id)).toBeNull();
  });

  it('that the store refuses is not read any further', async () => {
    store.interfere = (req, res) => {
      refuse(req, res, 403, 'AccessDenied');
      return true;
    };
    const cancel = vi.fn();
    await expect(filesIn().write(anId(), stream(1000, { cancel }), about)).rejects.toThrow();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('survives a store that stumbles', async () => {
    let stumbles = 2;
    store.interfere = (req, res) => {
      if (stumbles-- <= 0) return false;
      refuse(req, res, 503, 'SlowDown');
      return true;
    };
    const id = anId();
    await filesIn().write(id, stream(1), about);
    expect(await filesIn().size(id)).toBe(MIB);
    expect(methods()).toHaveLength(4);
  });
});

describe('reading', () => {
  it('fails when the connection breaks, and never ends short', async () => {
    const files = filesIn();
    const id = anId();
    await files.write(id, stream(1), about);
    store.interfere = (_req, res) => {
      res.writeHead(200, { 'content-length': MIB });
      res.write(new Uint8Array(1000), () => res.destroy());
      return true;
    };
    const read = async () => {
      for await (const chunk of await files.open(id)) void chunk;
    };
    await expect(read()).rejects.toThrow('aborted');
  });

  it('keeps no connection for what nobody reads any more', async () => {
    const files = filesIn();
    const id = anId();
    await files.write(id, stream(4), about);
    let open = 0;
    store.interfere = (_req, res) => {
      open++;
      res.once('close', () => open--);
      return false;
    };
    for (const reads of [0, 1, 0, 1]) {
      const reader = (await files.open(id)).getReader();
      if (reads) await reader.read();
      await reader.cancel();
    }
    await vi.waitFor(() => expect(open).toBe(0));
  });
});

describe('the start', () => {
  it('goes well where the bucket is', () => filesIn().init());

  it.each([
    ['no such bucket', { bucket: 'elsewhere' }, 'There is no bucket elsewhere'],
    ['wrong credentials', { credentials: { ...CREDENTIALS, secretAccessKey: 'x' } }, 'README'],
    ['nobody at the address', { endpoint: 'http://127.0.0.1:9' }, 'cannot be reached'],
  ])('says what to do about %s', async (_, options, words) => {
    await expect(filesIn(options).init()).rejects.toMatchObject({
      name: 'PocketPingError',
      code: 'unavailable',
      message: expect.stringContaining(words),
      cause: expect.any(Error),
    });
  });

  it('refuses options that make no sense', () => {
    for (const options of [{ bucket: '' }, { endpoint: 'minio:9000' }, { prefix: '/files' }]) {
      expect(() => filesIn(options)).toThrow(TypeError);
    }
  });
});

describe('a signed address', () => {
  it('for an upload has its length and type signed', async () => {
    const { url, method, headers } = await directOf(filesIn()).upload(anId(), PICTURE, hours(1));
    const { searchParams } = new URL(url);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
    expect(Number(searchParams.get('X-Amz-Expires'))).toBeGreaterThanOrEqual(3600);
    expect(Number(searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(3601);
    // A checksum would be that of an empty body.
    expect([...searchParams.keys()].filter((name) => /checksum|sdk/.test(name))).toEqual([]);
    // The length is not among them: a browser sets it itself, and lets nobody else.
    expect({ method, headers }).toEqual({ method: 'PUT', headers: { 'Content-Type': 'image/png' } });
  });

  it('lasts a week at most, and ends in the future', async () => {
    const direct = directOf(filesIn());
    const serving = { contentType: 'image/png', contentDisposition: 'inline' };
    await direct.url(anId(), serving, hours(7 * 24));
    for (const expiresAt of [hours(7 * 24 + 1), hours(-1), Number.NaN]) {
      await expect(direct.url(anId(), serving, expiresAt)).rejects.toBeInstanceOf(RangeError);
    }
  });

  it('costs no request', async () => {
    await directOf(filesIn()).upload(anId(), PICTURE, hours(1));
    expect(store.requests).toEqual([]);
  });

  it('is not given where browsers cannot reach the store', () => {
    expect(filesIn({ direct: false }).direct).toBeUndefined();
  });

  it('names the bucket in the host at Amazon, and in the path elsewhere unless told otherwise', async () => {
    const hostOf = async (options: Partial<S3FileStoreOptions>) => {
      const files = new S3FileStore({ bucket: BUCKET, credentials: CREDENTIALS, ...options });
      const { url } = await directOf(files).upload(anId(), PICTURE, hours(1));
      return new URL(url).origin;
    };
    expect(await hostOf({ region: 'eu-central-1' })).toBe(`https://${BUCKET}.s3.eu-central-1.amazonaws.com`);
    expect(await hostOf({ endpoint: 'https://minio.example.com' })).toBe('https://minio.example.com');
    expect(await hostOf({ endpoint: 'https://example.com', forcePathStyle: false })).toBe(
      `https://${BUCKET}.example.com`,
    );
  });
});
