import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Built, build, NODE_USER } from './image/build.js';
import { commandOf, environmentOf, lastOf, type Stage, stagesOf } from './image/dockerfile.js';
import { telegram } from './platforms.js';
import { freePort } from './process.js';
import { PICTURE, visitor } from './visitor.js';

const app = fileURLToPath(new URL('..', import.meta.url));
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const stages = stagesOf(readFileSync(join(app, 'Dockerfile'), 'utf8'));
const image = stages.at(-1) as Stage;

/** The Dockerfile's steps, done by hand: there need be no container engine for this. */
describe('what the Dockerfile makes', () => {
  let folder: string;
  let built: Built;
  /** Root can start something as somebody else; anybody else starts it as themselves. */
  const user = process.getuid?.() === 0 ? { uid: NODE_USER, gid: NODE_USER } : {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bridge-server-image-'));
    chmodSync(folder, 0o755);
    const ignore = readFileSync(join(app, 'Dockerfile.dockerignore'), 'utf8');
    built = await build(stages, { folder: repository, ignore }, folder);
    if (!('uid' in user)) await promisify(execFile)('chmod', ['-R', 'a-w', built.at(image, '/server')]);
  }, 600_000);
  afterAll(async () => {
    await promisify(execFile)('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (port: number) => ({
    ...environmentOf(image),
    PATH: process.env.PATH ?? '',
    // As in a container with a read-only root and no temporary folder: whoever needs one fails.
    TMPDIR: '/nowhere',
    HOME: '/nowhere',
    POCKETPING_DB: built.at(image, environmentOf(image).POCKETPING_DB as string),
    PORT: String(port),
  });
  const start = (instruction: string, env: Record<string, string>) => {
    const [command, ...args] = commandOf(lastOf(image, instruction)?.text as string);
    expect(command).toBe('node');
    const cwd = built.at(image, lastOf(image, 'WORKDIR')?.text as string);
    return spawn(process.execPath, args, { cwd, env, ...user, stdio: ['ignore', 'pipe', 'inherit'] });
  };

  it('has what runs, and nothing of what it was built from', () => {
    const server = built.at(image, '/server');
    expect(existsSync(join(server, 'dist/main.js'))).toBe(true);
    const ours = readdirSync(join(server, 'node_modules/@pocketping'));
    expect(ours).toContain('bridge-telegram');
    expect(ours).not.toContain('emulators');
    const files = everyFile(server);
    expect(files.filter((path) => /\.map$|\/@pocketping\/[^/]+\/src\//.test(path))).toEqual([]);
    const megabytes = files.reduce((sum, path) => sum + statSync(path).size, 0) / 1024 / 1024;
    expect(megabytes).toBeLessThan(80);
  });

  it('serves conversations without writing anywhere but into its volume', { timeout: 60_000 }, async () => {
    const t = await telegram();
    const port = await freePort();
    const before = writtenIn(built.at(image, '/server'));
    const env = { ...environment(port), ...t.env };
    const server = start('CMD', env);
    const ended = once(server, 'exit');
    const url = `http://127.0.0.1:${port}`;
    try {
      await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), {
        timeout: 15_000,
      });
      const mia = await visitor(url);
      await mia.send('hello from the image', [await mia.upload('dot.png', PICTURE)]);
      await t.shows('hello from the image');
      const [healthy] = await once(start('HEALTHCHECK', env), 'exit');
      expect(healthy).toBe(0);
    } finally {
      server.kill('SIGTERM');
    }
    expect((await ended)[0]).toBe(0);
    const [healthy] = await once(start('HEALTHCHECK', env), 'exit');
    expect(healthy).toBe(1);
    expect(writtenIn(built.at(image, '/server'))).toEqual(before);
    const kept = readdirSync(built.at(image, '/data'));
    expect(kept.filter((name) => !/^pocketping\.db(-wal|-shm)?$/.test(name))).toEqual(['files']);
  });
});

const everyFile = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Every file, and when it was written. */
const writtenIn = (folder: string): Readonly<Record<string, number>> =>
  Object.fromEntries(everyFile(folder).map((path) => [path, statSync(path).mtimeMs]));
