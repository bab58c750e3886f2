import { el, icon, paintTopicIcon, part } from './dom.js';
import { whenOf } from './time.js';

/** @typedef {import('./connection.js').ListedTopic} ListedTopic */

/**
 * Draws the list: what moved last comes first, General after the conversations while nobody wrote in it.
 * @param {ListedTopic[]} topics
 * @param {{ me: number, typing: (topicId: number) => string | undefined, open: (topicId: number) => void }} with_
 */
export function drawTopics(topics, { me, typing, open }) {
  const list = part('topics');
  const focused = document.activeElement?.closest('[data-topic]')?.getAttribute('data-topic');
  const sorted = [...topics].sort((left, right) => moved(right) - moved(left) || right.id - left.id);
  list.replaceChildren(...sorted.map((topic) => item(topic, me, typing(topic.id), open)));
  part('empty').hidden = topics.some((topic) => topic.id !== 1);
  if (focused)
    list.querySelector(`[data-topic="${Number(focused)}"] button`)?.dispatchEvent(new Event('refocus'));
}

/** @param {ListedTopic} topic */
export const moved = (topic) => topic.lastMessage?.id ?? (topic.id === 1 ? 0 : topic.id);

/**
 * @param {ListedTopic} topic
 * @param {number} me
 * @param {string | undefined} typist
 * @param {(topicId: number) => void} open
 */
function item(topic, me, typist, open) {
  const picture = el('span', { class: 'topic-icon', 'aria-hidden': 'true' });
  paintTopicIcon(picture, topic);
  const button = el(
    'button',
    { type: 'button' },
    picture,
    el(
      'span',
      { class: 'topic-line' },
      el('span', { class: 'topic-title', dir: 'auto' }, topic.title),
      topic.closed && el('span', { class: 'lock', role: 'img', 'aria-label': 'closed' }, icon('lock')),
      el('time', {}, topic.lastMessage ? whenOf(topic.lastMessage.date) : ''),
    ),
    el(
      'span',
      { class: 'topic-line' },
      typist
        ? el('span', { class: 'preview live' }, `${typist} is typing…`)
        : el('span', { class: 'preview', 'data-testid': 'topic-preview' }, ...preview(topic, me)),
      topic.unread > 0 &&
        el(
          'span',
          { class: 'badge', 'data-testid': 'topic-unread', 'aria-label': `${topic.unread} unread` },
          count(topic.unread),
        ),
    ),
  );
  button.addEventListener('click', () => open(topic.id));
  button.addEventListener('refocus', () => button.focus());
  return el('li', { 'data-testid': 'topic-item', 'data-topic': String(topic.id) }, button);
}

/**
 * @param {ListedTopic} topic
 * @param {number} me
 * @returns {(Node | string)[]}
 */
function preview(topic, me) {
  const { lastMessage: last } = topic;
  if (!last) return ['No messages yet'];
  if (last.type.startsWith('topic_')) return [last.text];
  const words = last.photo ? `🖼 ${last.text || 'Photo'}` : last.text;
  return [
    el('b', {}, `${last.from.id === me ? 'You' : last.from.name}: `),
    words.replace(/\s+/g, ' ').slice(0, 200),
  ];
}

/** @param {number} unread */
export const count = (unread) => (unread > 99 ? '99+' : String(unread));
