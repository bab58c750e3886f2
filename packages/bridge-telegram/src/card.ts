import { visitorCard } from '@pocketping/core/rendering';
import { foreign, type Run } from './markup.js';

export const { visitorLine, contactLine, detailLines, siteLines, lines } = visitorCard<Run>({
  ours: (text) => ({ text }),
  theirs: (text, strong) => foreign(text, strong ? { tag: 'b' } : {}),
});
