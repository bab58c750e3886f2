import { expect } from 'vitest';
import { type BucketStore, bucketStore } from '../bucket.js';
import { type Env, run, runToEnd } from '../process.js';
import { PICTURE, visitor } from '../visitor.js';
import type { Effects } from './effect.js';

interface Bringing {
  upload(): Promise<string>;
  uploadUrl(): Promise<string>;
}

/** Shows what comes of files on a server with a bucket. */
const withBucket =
  (change: Env, show: (store: BucketStore, mia: Bringing) => Promise<void>) => async (): Promise<void> => {
    const store = await bucketStore();
    const mia = await visitor((await run({ ...store.env, ...change })).url);
    await show(store, {
      upload: () => mia.upload('dot.png', PICTURE),
      uploadUrl: async () => (await mia.announce('dot.png', PICTURE.length)).body.uploadUrl,
    });
  };

/** The server does not start with a key that the store does not take. */
const isRefused = (change: Env) => async (): Promise<void> => {
  const { env } = await bucketStore();
  await run(env);
  const { code, output } = await runToEnd({ ...env, ...change });
  expect([code, output]).toEqual([1, expect.stringMatching(/does not let these credentials in/)]);
  for (const secret of Object.values(change)) expect(output).not.toContain(secret);
};

export const bucketEffects: Effects = {
  S3_BUCKET: withBucket({}, async (store, { upload }) => {
    const id = await upload();
    expect(store.requests.join('\n')).toContain(`PUT /${store.name}/${id}`);
  }),
  S3_ENDPOINT: withBucket({}, async (store, { uploadUrl }) => {
    expect((await uploadUrl()).startsWith(store.endpoint)).toBe(true);
  }),
  S3_REGION: withBucket({ S3_REGION: 'eu-central-1' }, async (_, { uploadUrl }) => {
    expect(decodeURIComponent(await uploadUrl())).toMatch(/X-Amz-Credential=[^&]*\/eu-central-1\/s3\//);
  }),
  S3_PREFIX: withBucket({ S3_PREFIX: 'chat/' }, async (store, { upload }) => {
    const id = await upload();
    expect(store.requests.join('\n')).toContain(`PUT /${store.name}/chat/${id}`);
  }),
  S3_ACCESS_KEY_ID: isRefused({ S3_ACCESS_KEY_ID: 'ANOTHERKEY' }),
  S3_SECRET_ACCESS_KEY: isRefused({ S3_SECRET_ACCESS_KEY: 'another-secret' }),
  S3_PATH_STYLE: async () => {
    const { env, name } = await bucketStore();
    // The bucket becomes part of a host's name, or not; neither host is known to anybody.
    const attempt = (style: string) =>
      runToEnd({ ...env, S3_ENDPOINT: 'http://store.invalid', S3_PATH_STYLE: style });
    const [on, off] = [await attempt('on'), await attempt('off')];
    expect([on.code, on.output]).toEqual([1, expect.stringMatching(/ \(?store\.invalid/)]);
    expect([off.code, off.output]).toEqual([1, expect.stringContaining(` ${name}.store.invalid`)]);
  },
  S3_DIRECT: withBucket({ S3_DIRECT: 'off' }, async (store, { upload, uploadUrl }) => {
    expect(await uploadUrl()).toMatch(/^\/upload\//);
    await upload();
    expect(store.requests.join('\n')).toContain(`PUT /${store.name}/`);
  }),
};
