import { posix } from 'node:path';
import type { MarkdownOptions, MarkdownRenderer } from 'vitepress';
import { slugOf } from '../../../scripts/docs/markdown.mjs';
import { root } from '../../../scripts/workspace.mjs';
import { destination, hrefOf } from './links.js';
import type { SitePage } from './pages.js';

/**
 * Reads Markdown as the repository's host does: what it does not know, such as Vue’s `{{ }}` or attributes in braces,
 * stays what it is, anchors are made in the same way, and links lead to pages.
 */
export const asInTheRepository = (
  pages: readonly SitePage[],
  repository: string | undefined,
): MarkdownOptions => ({
  attrs: { disable: true },
  anchor: { slugify: slugOf },
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  config(md) {
    md.disable('emoji', true);
    leaveToTheReader(md);
    scrollTables(md);
    showTitles(md);
    md.core.ruler.push('links to pages', ({ tokens, env }) => {
      const file = env.realPath ?? env.path;
      // A title is read by itself, and leads nowhere.
      if (file === undefined) return;
      const source = posix.relative(root, file);
      for (const { children } of tokens) if (children) lead(children, source, pages, repository);
    });
  },
});

type Token = ReturnType<MarkdownRenderer['parse']>[number];

function lead(
  tokens: Token[],
  source: string,
  pages: readonly SitePage[],
  repository: string | undefined,
): void {
  let leading = true;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const written = token.attrGet('href') ?? '';
      const href = isPermalink(token)
        ? written
        : hrefOf(destination(source, written, pages), written, repository);
      leading = href !== undefined;
      if (leading) token.attrSet('href', href ?? '');
      else hide(token);
    } else if (token.type === 'link_close') {
      if (!leading) hide(token);
      leading = true;
    }
  }
}

/** The link that each heading has to itself. */
const isPermalink = (token: Token) => token.attrGet('class') === 'header-anchor';

function hide(token: Token): void {
  token.type = 'text';
  token.tag = '';
  token.nesting = 0;
  token.content = '';
}

/** A page is made into a Vue template, of which nothing that people wrote is a part. */
function leaveToTheReader(md: MarkdownRenderer): void {
  md.core.ruler.push('no template', (state) => {
    // A title is read by itself: its first token is what the page is called.
    if (state.inlineMode) return;
    const [open, close] = [new state.Token('html_block', '', 0), new state.Token('html_block', '', 0)];
    open.content = '<div v-pre>\n';
    close.content = '</div>\n';
    state.tokens.unshift(open);
    state.tokens.push(close);
  });
}

/**
 * A table wider than the page scrolls by itself, and can be scrolled with the keyboard. A heading without words, as above
 * the names of rows, is none.
 */
function scrollTables(md: MarkdownRenderer): void {
  md.renderer.rules.table_open = () =>
    '<div class="table" role="group" aria-label="Table" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
  md.core.ruler.push('empty headings of tables', ({ tokens }) => {
    for (const [index, open] of tokens.entries()) {
      const [inside, close] = tokens.slice(index + 1, index + 3);
      if (open.type !== 'th_open' || !close || inside?.content !== '') continue;
      open.tag = 'td';
      close.tag = 'td';
    }
  });
}

/** A block of code that says where it goes, ```` ```ts title="app/page.ts" ````, has that above it. */
function showTitles(md: MarkdownRenderer): void {
  const block = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    // VitePress takes what is in brackets out of the words behind a fence when it renders it.
    const [, title] = /\btitle="([^"]*)"/.exec(tokens[index]?.info ?? '') ?? [];
    const html = block?.(tokens, index, ...rest) ?? '';
    if (!title) return html;
    return `<figure class="titled"><figcaption>${md.utils.escapeHtml(title)}</figcaption>\n${html}</figure>\n`;
  };
}
