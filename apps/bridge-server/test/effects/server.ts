import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { telegram } from '../platforms.js';
import { freePort, run, runToEnd } from '../process.js';
import { call, PICTURE, visitor } from '../visitor.js';
import type { Effects } from './effect.js';

const MB = 1024 * 1024;

export const serverEffects: Effects = {
  PORT: async () => {
    const port = await freePort();
    expect((await run({ PORT: String(port) })).url).toBe(`http://127.0.0.1:${port}`);
  },
  HOST: async () => {
    const { url } = await run({ HOST: '0.0.0.0' });
    expect(url).toMatch(/^http:\/\/0\.0\.0\.0:/);
    expect((await call(`${url.replace('0.0.0.0', '127.0.0.1')}/health`)).status).toBe(200);
  },
  PUBLIC_URL: async () => {
    const { url } = await run({ PUBLIC_URL: 'https://chat.example.com/here/' });
    const { body } = await call(url);
    expect(body).toContain('src=&#34;https://chat.example.com/here/widget/pocketping.js&#34;');
    expect(body).toContain('data-endpoint=&#34;https://chat.example.com/here&#34;');
  },
  ALLOWED_ORIGINS: async () => {
    const server = await run({ ALLOWED_ORIGINS: 'https://www.example.com, https://shop.example.com' });
    const from = async (origin: string) => {
      const { status, headers } = await call(`${server.url}/presence`, { headers: { origin } });
      return [status, headers.get('access-control-allow-origin')];
    };
    expect(await from('https://shop.example.com')).toEqual([200, 'https://shop.example.com']);
    expect(await from('https://evil.example.com')).toEqual([403, null]);
    expect(server.output()).not.toContain('ALLOWED_ORIGINS is not set');
  },
  TRUST_PROXY: async () => {
    const { env, shows, all } = await telegram();
    const { url } = await run({ ...env, TRUST_PROXY: 'loopback' });
    const ada = await visitor(url, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    await ada.send('from afar');
    await shows('from afar');
    expect(all()).toContain('203.0.113.9');
  },
  API_KEY: async () => {
    const apiKey = 'a-key-of-many-letters';
    const { url } = await run({ API_KEY: apiKey });
    const online = (headers: Record<string, string>) =>
      call(`${url}/api/operator/status`, { body: { online: true }, headers });
    expect((await online({})).status).toBe(401);
    expect((await online({ authorization: `Bearer ${apiKey}` })).status).toBe(200);
  },
  WELCOME_MESSAGE: async () => {
    const { url } = await run({ WELCOME_MESSAGE: 'Hi! How can we help?' });
    expect((await visitor(url)).connected.welcomeMessage).toBe('Hi! How can we help?');
  },
  POCKETPING_DB: async () => {
    const server = await run({ POCKETPING_DB: 'below/chat.db' });
    expect(existsSync(join(server.folder, 'below/chat.db'))).toBe(true);
    expect(existsSync(join(server.folder, 'below/files'))).toBe(true);
  },
  POCKETPING_FILES: async () => {
    const server = await run({ POCKETPING_FILES: 'attachments' });
    const id = await (await visitor(server.url)).upload('dot.png', PICTURE);
    expect(id).toMatch(/^att_/);
    expect(existsSync(join(server.folder, 'attachments'))).toBe(true);
    expect(existsSync(join(server.folder, 'data/files'))).toBe(false);
    const without = await run({ POCKETPING_FILES: 'off' });
    expect((await (await visitor(without.url)).announce('dot.png', 70)).status).toBe(404);
  },
  UPLOAD_MAX_MB: async () => {
    const ada = await visitor((await run({ UPLOAD_MAX_MB: '1' })).url);
    expect((await ada.announce('fits.png', MB)).status).toBe(200);
    expect((await ada.announce('large.png', MB + 1)).status).toBe(413);
  },
  UPLOAD_MB_PER_DAY: async () => {
    const ada = await visitor((await run({ UPLOAD_MAX_MB: '1', UPLOAD_MB_PER_DAY: '1' })).url);
    expect((await ada.announce('first.png', MB)).status).toBe(200);
    expect((await ada.announce('second.png', MB)).status).toBe(429);
  },
  UPLOAD_FILES_PER_DAY: async () => {
    const ada = await visitor((await run({ UPLOAD_FILES_PER_DAY: '1' })).url);
    expect((await ada.announce('first.png', 70)).status).toBe(200);
    expect((await ada.announce('second.png', 70)).status).toBe(429);
  },
  LOG_LEVEL: async () => {
    const server = await run({ LOG_LEVEL: 'info' });
    const taken = { PORT: new URL(server.url).port };
    expect((await runToEnd({ ...taken, LOG_LEVEL: 'warn' })).log.map(({ level }) => level)).toContain('warn');
    const { log } = await runToEnd({ ...taken, LOG_LEVEL: 'error' });
    expect(log).toEqual([
      expect.objectContaining({ level: 'error', msg: expect.stringMatching(/is taken/) }),
    ]);
  },
};
