import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskFileStore } from '@pocketping/adapter-node';
import { newId } from '@pocketping/core';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { kill, startWriter } from './processes/start.js';

const base = mkdtempSync(join(tmpdir(), 'pocketping-disk-'));
afterAll(() => rmSync(base, { recursive: true }));

let folder: string;
let store: DiskFileStore;
beforeEach(async () => {
  folder = join(mkdtempSync(join(base, 'test-')), 'deep', 'files');
  store = new DiskFileStore({ folder });
  await store.init();
});

const about = { mimeType: 'text/plain' };
const anId = () => newId('attachment', Date.now());
const bytes = (...texts: string[]) =>
  ReadableStream.from(texts.map((text) => new TextEncoder().encode(text)));
const textOf = async (id: string) => new Response(await store.open(id)).text();
const incoming = () => readdirSync(join(folder, 'incoming'));
const paths = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
    path: join(entry.parentPath, entry.name),
    isFile: entry.isFile(),
  }));

describe('DiskFileStore', () => {
  it('lets nobody in but its owner', async () => {
    const before = process.umask(0);
    try {
      await store.write(anId(), bytes('secret'), about);
    } finally {
      process.umask(before);
    }
    const modes = [{ path: folder, isFile: false }, ...paths()].map(({ path, isFile }) => ({
      isFile,
      mode: (statSync(path).mode & 0o777).toString(8),
    }));
    expect(modes).toContainEqual({ isFile: true, mode: '600' });
    for (const { isFile, mode } of modes) expect(mode).toBe(isFile ? '600' : '700');
  });

  it('spreads files over a thousand folders', async () => {
    const ids = Array.from({ length: 300 }, anId);
    await Promise.all(ids.map((id) => store.write(id, bytes(id), about)));
    const files = paths().filter(({ isFile }) => isFile);
    expect(files).toHaveLength(300);
    const counts = new Map<string, number>();
    for (const { path } of files) counts.set(join(path, '..'), (counts.get(join(path, '..')) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(200);
    expect(Math.max(...counts.values())).toBeLessThan(10);
  });

  it('lets a reader finish the file that another one replaces, or that is removed', async () => {
    const id = anId();
    await store.write(id, bytes('the first, ', 'as it was'), about);
    const [replaced, removed] = [await store.open(id), await store.open(id)];
    await store.write(id, bytes('the second'), about);
    expect(await new Response(replaced).text()).toBe('the first, as it was');
    expect(await textOf(id)).toBe('the second');
    await store.remove(id);
    expect(await new Response(removed).text()).toBe('the first, as it was');
  });

  // Only Linux tells a process what it has open.
  it.runIf(process.platform === 'linux')('keeps no file open that nobody reads any more', async () => {
    const id = anId();
    await store.write(id, bytes('x'.repeat(200_000)), about);
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    for (let round = 0; round < 20; round++) {
      const reader = (await store.open(id)).getReader();
      if (round % 2) await reader.read();
      await reader.cancel();
      await textOf(id);
      await expect(store.open(anId())).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(openFiles()).toBeLessThanOrEqual(before);
  });

  it('says so when a file becomes shorter under its reader', async () => {
    const id = anId();
    await store.write(id, bytes('x'.repeat(200_000)), about);
    const reader = (await store.open(id)).getReader();
    await reader.read();
    const file = paths().find(({ isFile }) => isFile)?.path as string;
    const handle = await open(file, 'r+');
    await handle.truncate(65_536);
    await handle.close();
    await expect(reader.read()).rejects.toThrow('shorter');
  });

  it('leaves nothing of a stream that failed', async () => {
    const failing = async function* () {
      yield new Uint8Array(100_000);
      throw new Error('The visitor left.');
    };
    await expect(store.write(anId(), ReadableStream.from(failing()), about)).rejects.toThrow('left');
    expect(paths().filter(({ isFile }) => isFile)).toEqual([]);
  });

  it('takes no options that make no sense', () => {
    for (const options of [{}, { folder: '' }, { folder: 7 }]) {
      expect(() => new DiskFileStore(options as never)).toThrow(TypeError);
    }
  });
});

describe('a disk that fails', () => {
  it.each([
    { code: 'ENOSPC', at: 'write', words: /disk that holds .*files is full/ },
    { code: 'EDQUOT', at: 'write', words: /full/ },
    { code: 'EIO', at: 'sync', words: /failed to read or write/ },
  ] as const)(
    'with $code leaves nothing, cancels the stream and says what to do',
    async ({ code, at, words }) => {
      const file = await open(join(base, 'any'), 'w');
      const prototype = Object.getPrototypeOf(file) as typeof file;
      await file.close();
      const id = anId();
      await store.write(id, bytes('earlier'), about);
      const cancelled = vi.fn();
      const endless = new ReadableStream<Uint8Array>(
        {
          pull: (controller) =>
            at === 'write' ? controller.enqueue(new Uint8Array(65_536)) : controller.close(),
          cancel: cancelled,
        },
        { highWaterMark: 0 },
      );
      const failure = Object.assign(new Error(`${code}: ${at}`), { code, syscall: at });
      const broken = vi.spyOn(prototype, at).mockRejectedValue(failure);
      const error = await store.write(id, endless, about).catch((reason) => reason);
      broken.mockRestore();
      expect(error).toMatchObject({
        name: 'PocketPingError',
        code: 'unavailable',
        retryable: true,
        message: expect.stringMatching(words),
        cause: failure,
      });
      expect(cancelled).toHaveBeenCalledTimes(at === 'write' ? 1 : 0);
      expect(incoming()).toEqual([]);
      expect(await textOf(id)).toBe('earlier');
    },
  );

  it('is told apart from a folder that cannot be one', async () => {
    writeFileSync(join(base, 'file'), '');
    const inFile = new DiskFileStore({ folder: join(base, 'file', 'files') });
    await expect(inFile.init()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('not a folder'),
    });
    rmSync(folder, { recursive: true });
    await expect(store.write(anId(), bytes('a'), about)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is gone'),
    });
  });
});

describe('what a process left half written when it died', () => {
  it('is removed at the next start, and not while it lives', { timeout: 60_000 }, async () => {
    const writer = await startWriter(folder, mkdtempSync(join(base, 'program-')));
    await store.init();
    expect(incoming()).toHaveLength(1);
    await kill(writer);
    await store.init();
    expect(incoming()).toEqual([]);
    expect(await store.size(writer.half)).toBeNull();
    expect(await textOf(writer.whole)).toBe('all of it');
  });

  it('on another machine is removed after a day', async () => {
    const left = join(folder, 'incoming', `0000000000000000.${process.pid}.life.write`);
    writeFileSync(left, 'half');
    await store.init();
    expect(incoming()).toHaveLength(1);
    const yesterday = (Date.now() - 25 * 60 * 60 * 1000) / 1000;
    utimesSync(left, yesterday, yesterday);
    await store.init();
    expect(incoming()).toEqual([]);
  });

  it('is not what this process is writing', async () => {
    const id = anId();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = async function* () {
      yield new TextEncoder().encode('first, ');
      await released;
      yield new TextEncoder().encode('then');
    };
    const writing = store.write(id, ReadableStream.from(slow()), about);
    await vi.waitFor(() => expect(incoming()).toHaveLength(1));
    await new DiskFileStore({ folder }).init();
    release();
    await writing;
    expect(await textOf(id)).toBe('first, then');
  });
});
