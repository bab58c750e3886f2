import { defineConfig } from 'vitepress';
import { root } from '../../../scripts/workspace.mjs';
import { hostingFrom } from '../site/environment.js';
import { MARK } from '../site/mark.js';
import { asInTheRepository } from '../site/markdown.js';
import { sidebar, topLinks } from '../site/navigation.js';
import { otherMarkdown, sitePages } from '../site/pages.js';
import { vueForPages } from '../site/vue-for-pages.js';

const { base, repository } = hostingFrom(process.env);
const pages = sitePages();
const files = new Map(pages.map(({ source, route }) => [source, `${route}index.md`]));

export default defineConfig({
  title: 'PocketPing',
  description: 'Live chat that a team answers from the messaging app already on its phone.',
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', href: MARK }]],
  srcDir: root,
  srcExclude: otherMarkdown(pages),
  rewrites: (source) => files.get(source) ?? source,
  outDir: 'dist',
  cacheDir: 'node_modules/.vitepress',
  // Addresses of servers that the reader starts; every other link is looked at.
  ignoreDeadLinks: 'localhostLinks',
  markdown: asInTheRepository(pages, repository),
  vite: {
    plugins: [vueForPages(import.meta.filename)],
    // The repository has other HTML, which is no page of this site.
    optimizeDeps: { entries: [] },
  },
  themeConfig: {
    logo: { src: MARK, alt: '' },
    nav: [...topLinks(pages), ...(repository ? [{ text: 'Source', link: repository }] : [])],
    sidebar: sidebar(pages),
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // "a" and "in" begin every other word, and short words are all alike.
            prefix: (term) => term.length > 2,
            fuzzy: (term) => (term.length > 4 ? 0.2 : false),
            boost: { title: 4, titles: 1, text: 2 },
          },
        },
      },
    },
    externalLinkIcon: true,
    ...(repository && {
      editLink: { pattern: `${repository}/blob/HEAD/:path`, text: 'This page in the repository' },
    }),
  },
});
