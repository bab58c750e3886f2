import { join } from 'node:path';
import { createMarkdownRenderer } from 'vitepress';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { root } from '../../../scripts/workspace.mjs';
import { asInTheRepository } from '../site/markdown.js';
import { sitePages } from '../site/pages.js';

let onPage: (markdown: string) => Promise<string>;
beforeAll(async () => {
  const md = await createMarkdownRenderer(root, asInTheRepository(sitePages(), undefined));
  // A page is a template of Vue's, so what it shows is what Vue makes of it.
  onPage = async (markdown) =>
    renderToString(createSSRApp({ template: md.render(markdown, { path: join(root, 'docs/README.md') }) }));
});

describe('a page', () => {
  test.each([
    ['a template of Vue’s', 'The price is {{ 6 * 7 }}.', 'The price is {{ 6 * 7 }}.'],
    ['one in code', '`{{ 6 * 7 }}`', '{{ 6 * 7 }}</code>'],
    ['braces at the end', 'It takes an object {.red}', 'It takes an object {.red}'],
    ['what could be a smile', 'Ports :) and :tada: and https:/', 'Ports :) and :tada: and https:/'],
    ['a type in code', '`Promise<void>`', 'Promise&lt;void&gt;</code>'],
  ])('shows %s as it is', async (_what, markdown, expected) => {
    expect(await onPage(markdown)).toContain(expected);
  });

  test('does not show comments', async () => {
    expect(await onPage('<!-- made from the code -->\n\nText.')).not.toMatch(/>[^<]*made/);
  });

  test('has headings with the anchors that a repository’s host gives them', async () => {
    expect(await onPage('## What it can’t: `a_b` & c\n\n## Twice\n\n## Twice\n')).toMatch(
      /id="what-it-cant-a_b--c".*id="twice".*id="twice-1"/s,
    );
  });

  test('shows a link that leads nowhere as its text', async () => {
    const html = await onPage('[MIT](../LICENSE), [the **core**](../packages/core)');
    expect(html).toContain('<p>MIT, <a href="/packages/core/">the <strong>core</strong></a></p>');
  });

  test('has no heading above the names of rows', async () => {
    const html = await onPage('| | takes |\n| --- | --- |\n| a | b |\n');
    expect(html).toMatch(/<td><\/td>\s*<th>takes<\/th>/);
  });

  test('has above a block of code the title that the block gives itself', async () => {
    const html = await onPage(
      '```ts title="app/[...path]/<a>.ts"\nconst a = 1;\n```\n\n```ts\nconst b = 2;\n```\n',
    );
    expect(html.match(/<figcaption>.*?<\/figcaption>/gs)).toEqual([
      '<figcaption>app/[...path]/&lt;a&gt;.ts</figcaption>',
    ]);
    expect(html).toMatch(/<\/figcaption>\s*<div class="language-ts.*<\/figure>/s);
  });

  test('is called what its front matter says, however it is read', async () => {
    const md = await createMarkdownRenderer(root, asInTheRepository(sitePages(), undefined));
    // VitePress takes the first token of the title for the page's name.
    expect(md.parseInline('Node.js SDK', {})[0]?.children?.[0]?.content).toBe('Node.js SDK');
  });

  test('is not made from one that links to what is not there', async () => {
    await expect(onPage('[gone](gone.md)')).rejects.toThrow(
      'docs/README.md links to gone.md, which is not there',
    );
  });
});
