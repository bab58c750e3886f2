import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { bridgeServer } from '../desk.js';
import { Visitor } from '../visitor.js';
import { blockWith } from './page.js';

const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Within this package, so that Next finds what it has installed. */
let app: string;
beforeAll(() => {
  app = mkdtempSync(fileURLToPath(new URL('.app-', import.meta.url)));
  const { title = '', text } = blockWith('nextHandler');
  const files = {
    [title]: text,
    'app/layout.js': 'export default ({ children }) => children;\n',
    'next.config.mjs': `export default ${JSON.stringify({ turbopack: { root } })};\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(app, path, '..'), { recursive: true });
    writeFileSync(join(app, path), text);
  }
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

const environment = (more: Record<string, string>): NodeJS.ProcessEnv => {
  const { BRIDGE_URL: _, ...rest } = process.env;
  return { ...rest, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...more };
};

/** @returns the server's origin, once it says it */
const started = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let told = '';
    const read = (chunk: Buffer) => {
      told += chunk;
      const port = /localhost:(\d+)/.exec(told)?.[1];
      if (port && told.includes('Ready')) resolve(`http://localhost:${port}`);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', (code) => reject(new Error(`next start ended with ${code}:\n${told}`)));
  });

it('the route of the page about Node.js, built by Next where no variable is set, answers visitors', async () => {
  await promisify(execFile)(process.execPath, [next, 'build', app], { env: environment({}) });
  const { url, desk } = await bridgeServer();
  const server = spawn(process.execPath, [next, 'start', app, '--port', '0'], {
    env: environment({ BRIDGE_URL: url }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const origin = await started(server);
  const visitor = await Visitor.connect(`${origin}/api/pocketping`);
  await visitor.openEventStream();
  await visitor.say('hello');
  await vi.waitFor(() => expect(desk.posts).toEqual(['hello']), 20_000);
  await desk.reply('Hi there');
  await vi.waitFor(() => expect(visitor.heard).toEqual(['Hi there']), 20_000);
});
