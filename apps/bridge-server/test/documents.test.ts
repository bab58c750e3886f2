import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../src/settings/settings.js';
import { names, parts } from '../src/variables/index.js';
import { envExample, variableTables } from './documents.js';

const app = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(join(app, name), 'utf8');

const BEGIN = '<!-- variables: made from the code -->';
const END = '<!-- /variables -->';

describe('.env.example', () => {
  it('has every variable, as it is', async () => {
    await expect(
      envExample(),
      'It differs from the code. `npx vitest run -u` on this file writes it anew',
    ).toMatchFileSnapshot(join(app, '.env.example'));
  });

  it('sets nothing as it stands, and what it says once the # is taken away', () => {
    expect(parseEnv(read('.env.example'))).toEqual({});
    const switchedOn = read('.env.example').replace(/^#([A-Z])/gm, '$1');
    const examples = Object.values(parts).flatMap((table) =>
      Object.values(table).map(({ name, example }) => [name, example]),
    );
    expect(parseEnv(switchedOn)).toEqual(Object.fromEntries(examples));
  });
});

describe('the README', () => {
  it('has every variable, as it is', async () => {
    const text = read('README.md');
    expect([text.split(BEGIN).length, text.split(END).length]).toEqual([2, 2]);
    const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
    const after = text.slice(text.indexOf(END));
    await expect(
      `${before}\n\n${variableTables()}\n\n${after}`,
      'Its tables differ from the code. `npx vitest run -u` on this file writes them anew',
    ).toMatchFileSnapshot(join(app, 'README.md'));
  });

  it('names no variable that there is not, and links to what exists', () => {
    const text = read('README.md');
    const known = names();
    const named = [...text.matchAll(/^(?:export )?([A-Z][A-Z\d_]+)=/gm)].map(([, name]) => name as string);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link as string);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(join(app, link)))).toEqual([]);
  });

  it('shows settings that make sense', () => {
    const blocks = [...read('README.md').matchAll(/```ini\n(.*?)```/gs)].map(([, block]) => block as string);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      const { problems, notes } = settingsFrom(parseEnv(block) as Record<string, string>, '/');
      expect([block, problems, notes]).toEqual([block, [], []]);
    }
  });
});
