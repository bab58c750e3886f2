import { expect, test } from 'vitest';
import { hostingFrom } from '../site/environment.js';

test('the site stands at the root, and knows no repository, unless somebody says so', () => {
  expect(hostingFrom({})).toEqual({ base: '/', repository: undefined });
  expect(hostingFrom({ BASE: '', REPOSITORY_URL: '' })).toEqual({ base: '/', repository: undefined });
});

test.each(['docs', '/docs', 'docs/', '/docs/'])(
  'a base has a slash at both ends, however it is written: %s',
  (BASE) => {
    expect(hostingFrom({ BASE }).base).toBe('/docs/');
  },
);

test.each(['https://example.com/docs', '/a b/', '../docs', '/docs?x'])(
  'a base that is no path is refused: %s',
  (BASE) => {
    expect(() => hostingFrom({ BASE })).toThrow(`BASE is "${BASE}", but has to be the path`);
  },
);

test.each([
  'https://git.example/acme/pocketping',
  'https://git.example/acme/pocketping/',
  'https://git.example/acme/pocketping.git',
])('the repository is an address: %s', (REPOSITORY_URL) => {
  expect(hostingFrom({ REPOSITORY_URL }).repository).toBe('https://git.example/acme/pocketping');
});

test.each(['git@git.example:acme/pocketping', 'acme/pocketping', 'https://git.example/acme?tab=code'])(
  'a repository that no browser opens is refused: %s',
  (REPOSITORY_URL) => {
    expect(() => hostingFrom({ REPOSITORY_URL })).toThrow(`REPOSITORY_URL is "${REPOSITORY_URL}"`);
  },
);

test('a repository with a secret in its address is refused, without it', () => {
  const named = () => hostingFrom({ REPOSITORY_URL: 'https://robot:s3cret@git.example/acme/pocketping' });
  expect(named).toThrow('has a name or a password in it');
  expect(named).not.toThrow('s3cret');
});
