import { readFileSync } from 'node:fs';
import { newId, PocketPing } from '@pocketping/core';
import { S3FileStore, type S3FileStoreOptions } from '@pocketping/files-s3';
import { recordingLogger } from '@pocketping/testing';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { CREDENTIALS, startStore } from './store.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [quickStart = '', elsewhere = ''] = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(
  ([, code]) => code,
);

afterEach(() => {
  vi.unstubAllEnvs();
});

it('shows a quick start that keeps files in the bucket it names, and says so when that is not there', async () => {
  const { endpoint, requests } = await serving('example-chat-files');
  // What the environment says is all that the code does not.
  vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
  await keepsFiles(await run(quickStart));
  expect(requests.filter((one) => one.startsWith('PUT /example-chat-files/attachments/'))).toHaveLength(1);

  const missing = run(quickStart.replace('example-chat-files', 'another-bucket'));
  await expect(missing).rejects.toThrow('another-bucket');
});

it('shows another store than Amazon’s, which keeps files', async () => {
  const { endpoint, requests } = await serving('chat-files');
  vi.stubEnv('MINIO_SECRET', CREDENTIALS.secretAccessKey);
  const code = elsewhere
    .replace('https://minio.example.com', endpoint)
    .replace("accessKeyId: 'chat'", `accessKeyId: '${CREDENTIALS.accessKeyId}'`);
  await keepsFiles(await run(code));
  expect(requests.filter((one) => one.startsWith('PUT /chat-files/'))).toHaveLength(1);
});

const serving = async (bucket: string) => {
  const store = await startStore(bucket);
  onTestFinished(() => store.close());
  return store;
};

/** Runs code of the README as it stands, and answers the store that it made. An engine in it stops when the test has finished. */
const run = async (code: string): Promise<S3FileStore> => {
  const made: S3FileStore[] = [];
  class Store extends S3FileStore {
    constructor(options: S3FileStoreOptions) {
      super(options);
      made.push(this);
    }
  }
  class Engine extends PocketPing {
    constructor(options: ConstructorParameters<typeof PocketPing>[0]) {
      super({ ...options, logger: recordingLogger() });
      onTestFinished(() => this.stop());
    }
  }
  const body = new AsyncFunction('PocketPing', 'S3FileStore', code.replace(/^import .*$/gm, ''));
  await body(Engine, Store);
  expect(made).toHaveLength(1);
  return made[0] as S3FileStore;
};

const keepsFiles = async (files: S3FileStore): Promise<void> => {
  const id = newId('attachment', Date.now());
  await files.write(id, new Blob(['a lamp']).stream(), { mimeType: 'text/plain' });
  expect(await new Response(await files.open(id)).text()).toBe('a lamp');
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;
