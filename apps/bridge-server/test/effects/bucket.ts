import { expect } from 'vitest';
import { BUCKET, CREDENTIALS, type Store, startStore } from '../../../../packages/files-s3/test/store.js';
import { type Env, run, runToEnd } from '../process.js';
import { PICTURE, visitor } from '../visitor.js';
import type { Effects } from './effect.js';

/** Runs a server with a bucket, and shows what came of it. */
const withBucket = async (
  change: Env,
  look: (store: Store, at: { upload(): Promise<string>; uploadUrl(): Promise<string> }) => Promise<void>,
) => {
  const store = await startStore();
  try {
    const { url } = await run({ ...envOf(store), ...change });
    const ada = await visitor(url);
    await look(store, {
      upload: () => ada.upload('dot.png', PICTURE),
      uploadUrl: async () => (await ada.announce('dot.png', PICTURE.length)).body.uploadUrl,
    });
  } finally {
    await store.close();
  }
};

const envOf = (store: Store): Env => ({
  S3_BUCKET: BUCKET,
  S3_ENDPOINT: store.endpoint,
  S3_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  S3_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
});

/** The server does not start with a key that the store does not take. */
const refused = async (change: Env) => {
  const store = await startStore();
  try {
    const { code, output } = await runToEnd({ ...envOf(store), ...change });
    expect([code, output]).toEqual([1, expect.stringMatching(/credentials/)]);
    expect(output).not.toContain(CREDENTIALS.secretAccessKey);
  } finally {
    await store.close();
  }
};

export const bucketEffects: Effects = {
  S3_BUCKET: () =>
    withBucket({}, async (store, { upload }) => {
      const id = await upload();
      expect(store.requests.join('\n')).toMatch(new RegExp(`PUT /${BUCKET}/${id}`));
    }),
  S3_ENDPOINT: () =>
    withBucket({}, async (store, { uploadUrl }) => {
      expect((await uploadUrl()).startsWith(store.endpoint)).toBe(true);
    }),
  S3_REGION: () =>
    withBucket({ S3_REGION: 'eu-central-1' }, async (_, { uploadUrl }) => {
      expect(decodeURIComponent(await uploadUrl())).toMatch(/X-Amz-Credential=[^&]*\/eu-central-1\/s3\//);
    }),
  S3_PREFIX: () =>
    withBucket({ S3_PREFIX: 'chat/' }, async (store, { upload }) => {
      const id = await upload();
      expect(store.requests.join('\n')).toMatch(new RegExp(`PUT /${BUCKET}/chat/${id}`));
    }),
  S3_ACCESS_KEY_ID: () => refused({ S3_ACCESS_KEY_ID: 'ANOTHERKEY' }),
  S3_SECRET_ACCESS_KEY: () => refused({ S3_SECRET_ACCESS_KEY: 'another-secret' }),
  S3_PATH_STYLE: async () => {
    const store = await startStore();
    // The bucket becomes a host's name; no such host is known.
    const endpoint = store.endpoint.replace('127.0.0.1', 'store.invalid');
    const attempt = (style: string) =>
      runToEnd({ ...envOf(store), S3_ENDPOINT: endpoint, S3_PATH_STYLE: style });
    try {
      const [on, off] = [await attempt('on'), await attempt('off')];
      expect(on.output).toMatch(/ENOTFOUND store\.invalid/);
      expect(off.output).toMatch(new RegExp(`ENOTFOUND ${BUCKET}\\.store\\.invalid`));
    } finally {
      await store.close();
    }
  },
  S3_DIRECT: () =>
    withBucket({ S3_DIRECT: 'off' }, async (store, { upload, uploadUrl }) => {
      expect(await uploadUrl()).toMatch(/^\/upload\//);
      await upload();
      expect(store.requests.join('\n')).toMatch(new RegExp(`PUT /${BUCKET}/`));
    }),
};
