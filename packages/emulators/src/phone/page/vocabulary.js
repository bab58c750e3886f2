import { part } from './dom.js';

/** What the platform that the page looks like calls things. */
export const platform = document.documentElement.dataset.platform ?? 'telegram';

const vocabularies = {
  telegram: {
    one: 'topic',
    many: 'topics',
    closed: 'Topic closed',
    close: 'Close topic',
    reopen: 'Reopen topic',
    remove: 'Delete topic',
    removed: 'The topic was deleted',
    back: 'Back to the topics',
    menu: 'Topic menu',
    list: 'Topics',
    empty: 'When a visitor writes on the site, a topic appears here.',
    composer: 'Message',
  },
  discord: {
    one: 'thread',
    many: 'threads',
    closed: 'Thread archived',
    close: 'Archive thread',
    reopen: 'Unarchive thread',
    remove: 'Delete thread',
    removed: 'The thread was deleted',
    back: 'Back to the threads',
    menu: 'Thread menu',
    list: 'Threads',
    empty: 'When a visitor writes on the site, a thread appears here.',
    composer: 'Send a message',
  },
};

export const words = vocabularies[platform === 'discord' ? 'discord' : 'telegram'];

/** Puts the platform's words where the page has its own. */
export function name() {
  part('list').setAttribute('aria-label', words.list);
  part('back').setAttribute('aria-label', words.back);
  part('topic-menu').setAttribute('aria-label', words.menu);
  part('closed-text').textContent = words.closed;
  part('empty-text').textContent = words.empty;
  part('text').setAttribute('placeholder', words.composer);
}
