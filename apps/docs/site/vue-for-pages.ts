import type { UserConfig } from 'vitepress';

type Plugin = Extract<NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number], { name: string }>;

/**
 * A page becomes a module that imports Vue. It lies outside of this app, where there is none, so it gets the app's.
 * @param app a file of the app
 */
export const vueForPages = (app: string): Plugin => ({
  name: 'vue for pages',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!/^vue(?:\/|$)/.test(id) || !importer?.split('?')[0]?.endsWith('.md')) return null;
    return this.resolve(id, app, { skipSelf: true });
  },
});
