import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { names } from '../src/variables/index.js';
import { commandOf, environmentOf, lastOf, type Stage, stagesOf } from './image/dockerfile.js';

const app = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(join(app, name), 'utf8');

describe('the image', () => {
  const stages = stagesOf(read('Dockerfile'));
  const image = stages.at(-1) as Stage;

  it('is built in stages, on a base that is pinned by its major version and new enough', () => {
    expect(stages.length).toBeGreaterThan(1);
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const [, least] = /(\d+)/.exec(engines.node) ?? [];
    for (const { base } of stages) {
      const [, major] = /^node:(\d+)-slim$/.exec(base) ?? [];
      expect(Number(major)).toBeGreaterThanOrEqual(Number(least));
    }
  });

  it('runs as nobody in particular, and asks for its health without any tool', () => {
    expect(lastOf(image, 'USER')?.text).toBe('node');
    expect(commandOf(lastOf(image, 'HEALTHCHECK')?.text as string)).toEqual(['node', 'dist/healthcheck.js']);
    expect(commandOf(lastOf(image, 'CMD')?.text as string)).toEqual(['node', 'dist/main.js']);
  });

  it('sets variables that there are, and listens to everybody who is let in', () => {
    const { NODE_ENV, ...ours } = environmentOf(image);
    const known = names();
    expect([NODE_ENV, Object.keys(ours).filter((name) => !known.has(name))]).toEqual(['production', []]);
    expect(ours.HOST).toBe('0.0.0.0');
    expect(ours.POCKETPING_DB).toMatch(new RegExp(`^${lastOf(image, 'VOLUME')?.text}/`));
  });
});

describe('the compose file', () => {
  const compose = read('compose.yaml');

  it.each(['read_only: true', '- no-new-privileges:true', '- ALL', '- data:/data', '- 127.0.0.1:3001:3001'])(
    'says %s',
    (line) => expect(compose.split('\n').map((each) => each.trim())).toContain(line),
  );

  it('asks for its health as the image does', () => {
    expect(compose).toContain('test: ["CMD", "node", "dist/healthcheck.js"]');
  });
});
