import { describe, expect, test } from 'vitest';
import { destination, hrefOf } from '../site/links.js';
import { sitePages } from '../site/pages.js';

const pages = sitePages();
const repository = 'https://git.example/acme/pocketping';
const lead = (source: string, href: string, at?: string) =>
  hrefOf(destination(source, href, pages), href, at);

describe('a link', () => {
  test.each([
    ['docs/README.md', '../packages/bridge-telegram', '/packages/bridge-telegram/'],
    ['docs/README.md', '../packages/bridge-telegram/', '/packages/bridge-telegram/'],
    ['docs/README.md', '../packages/bridge-telegram#readme', '/packages/bridge-telegram/'],
    ['docs/packages.md', '../packages/core/README.md#commands', '/packages/core/#commands'],
    ['packages/core/README.md', '../../README.md', '/overview/'],
    [
      'packages/core/README.md',
      '../../apps/bridge-server/README.md#settings',
      '/apps/bridge-server/#settings',
    ],
    ['apps/bridge-server/README.md', 'BRIDGE_API.md', '/apps/bridge-server/bridge-api/'],
    ['docs/guides/telegram.md', '../README.md', '/'],
    ['README.md', 'docs/guides/slack.md', '/guides/slack/'],
    ['README.md', 'trials/', '/trials/'],
    ['docs/features.md', '#slack', '/features/#slack'],
  ])('of %s to a page leads there: %s', (source, href, expected) => {
    expect(lead(source, href)).toBe(expected);
  });

  test.each([
    ['README.md', 'LICENSE', `${repository}/blob/HEAD/LICENSE`],
    [
      'docs/features.md',
      '../packages/core/src/index.ts#L3',
      `${repository}/blob/HEAD/packages/core/src/index.ts#L3`,
    ],
    ['CONTRIBUTING.md', 'scripts', `${repository}/tree/HEAD/scripts`],
  ])('of %s to a file that is no page leads into the repository: %s', (source, href, expected) => {
    expect(lead(source, href, repository)).toBe(expected);
  });

  test('to a file that is no page leads nowhere as long as nobody knows the repository', () => {
    expect(lead('README.md', 'LICENSE')).toBeUndefined();
  });

  test.each(['https://nodejs.org/api/', 'mailto:ada@example.com', '//example.com/x'])(
    'to elsewhere stays as it is: %s',
    (href) => {
      expect(lead('README.md', href)).toBe(href);
    },
  );

  test.each([
    ['nowhere.md', 'docs/README.md links to nowhere.md, which is not there'],
    ['../../outside.md', 'docs/README.md links to ../../outside.md, which is not there'],
    [
      'production.md#unheard-of',
      'docs/README.md links to production.md#unheard-of, but docs/production.md has no such heading',
    ],
  ])('that is dead is an error: %s', (href, message) => {
    expect(() => lead('docs/README.md', href)).toThrow(message);
  });

  test('that is badly encoded is named with its page', () => {
    expect(() => lead('README.md', '100%.md')).toThrow('README.md links to 100%.md, which is no address');
  });
});
