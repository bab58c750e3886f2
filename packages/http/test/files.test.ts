import type { OpenFile } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { serveFile } from '../src/files.js';

const asked = { method: 'GET', headers: {} };

/** A file in a store that clients read by themselves: it goes by what it is told, and can add no header of its own. */
const elsewhere = (name: string, mimeType: string): OpenFile => ({
  name,
  mimeType,
  size: 3,
  bytes: () => Promise.reject(new Error('its bytes do not pass through here')),
  url: async ({ contentType, contentDisposition }) =>
    `https://store.example/?${new URLSearchParams({ contentType, contentDisposition })}`,
});

const servedAs = async (name: string, mimeType: string) => {
  const { status, headers } = await serveFile(elsewhere(name, mimeType), asked, {});
  expect(status).toBe(302);
  return Object.fromEntries(new URL(headers.location as string).searchParams);
};

describe('a file that lies elsewhere', () => {
  it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'audio/ogg', 'audio/webm', 'video/mp4'])(
    'is shown in place where it is %s',
    async (mimeType) => {
      const { contentType, contentDisposition } = await servedAs('a', mimeType);
      expect(contentType).toBe(mimeType);
      expect(contentDisposition).toMatch(/^inline;/);
    },
  );

  it.each([
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'application/xml',
    'text/plain',
    'application/pdf',
    'application/zip',
    'application/octet-stream',
  ])('is only ever saved where it is %s', async (mimeType) => {
    expect((await servedAs('a', mimeType)).contentDisposition).toMatch(/^attachment;/);
  });

  it('keeps its name, whatever is in it', async () => {
    const { contentDisposition } = await servedAs('a"; filename="b.html', 'image/png');
    expect(contentDisposition).toBe(
      `inline; filename="a_; filename=_b.html"; filename*=UTF-8''a%22%3B%20filename%3D%22b.html`,
    );
  });
});
