import {
  clearComposer,
  editMessage,
  focusComposer,
  forget,
  offerCommands,
  replyTo,
  startComposer,
} from './composer.js';
import { act, follow, messagesOf, sendFiles } from './connection.js';
import { drawConversation, updateConversation } from './conversation.js';
import { initial, paintTopicIcon, part } from './dom.js';
import { openMenu } from './menu.js';
import { count, drawTopics, moved } from './topics.js';
import { name, platform, words } from './vocabulary.js';

/**
 * @typedef {import('./connection.js').ListedTopic} ListedTopic
 * @typedef {import('./connection.js').PhoneMessage} PhoneMessage
 */

/** The topic that every forum has; a chat without topics is that alone. */
const GENERAL = 1;

/** The clients show "typing…" for this long unless it is renewed. */
const ACTION_MS = 5_000;

const openLatest = new URLSearchParams(location.search).get('open') === 'latest';

/** @type {Map<number, ListedTopic>} */
const topics = new Map();
/** Topic → who acts there. @type {Map<number, { name: string, personId: number, timer: ReturnType<typeof setTimeout> }>} */
const acting = new Map();
name();
let me = 0;
let groupTitle = '';
/** A chat without topics has one conversation, which is always open. */
let flat = false;
/** What stands under the name of a chat without topics. */
let kindOfChat = '';
/** Where it does not, a picture is sent. */
let sendsFiles = false;
let connected = false;
/** The topic on the screen, or undefined for the list. @type {number | undefined} */
let current;
/** Messages that came while the conversation was being fetched. @type {PhoneMessage[] | undefined} */
let waiting;

follow(
  {
    hello({ chat, me: owner, bot, topics: list, commands, files = false }) {
      me = owner.id;
      sendsFiles = files;
      groupTitle = chat.title ?? bot.name;
      flat = chat.is_forum !== true;
      kindOfChat = chat.type === 'private' ? 'bot' : 'group';
      part('phone').classList.toggle('flat', flat);
      part('group-title').textContent = groupTitle;
      for (const id of ['group-avatar', 'chat-avatar']) part(id).textContent = initial(groupTitle);
      topics.clear();
      for (const topic of list) topics.set(topic.id, topic);
      offerCommands(commands);
      if (current !== undefined && !topics.has(current)) showList();
      draw();
      if (current !== undefined) void load(current);
      else if (flat) void open(GENERAL);
      else if (openLatest) openNewest();
    },
    topic(topic) {
      const fresh = !topics.has(topic.id);
      if (topic.deleted) topics.delete(topic.id);
      else topics.set(topic.id, topic);
      if (topic.deleted && topic.id === current) {
        showList();
        say(words.removed);
      }
      draw();
      if (fresh && openLatest && current === undefined && topic.id !== GENERAL) void open(topic.id);
    },
    message(message) {
      if (acting.get(message.topicId)?.personId === message.from.id) rest(message.topicId);
      if (message.deleted) forget(message.id);
      if (message.topicId !== current) return;
      if (waiting) waiting.push(message);
      else updateConversation(message, actions);
      markRead();
    },
    action({ topicId, from }) {
      rest(topicId);
      acting.set(topicId, {
        name: from.name,
        personId: from.id,
        timer: setTimeout(() => rest(topicId), ACTION_MS),
      });
      draw();
    },
    commands: offerCommands,
  },
  (lost) => {
    connected = !lost;
    draw();
  },
);

startComposer(
  async (written, about) => {
    if (about?.kind === 'edit') return attempt('edit', { messageId: about.message.id, text: written });
    return attempt('type', { topicId: current, text: written, replyTo: about?.message.id });
  },
  () => {
    // Only here do bots see that somebody types.
    if (platform === 'discord') act('typing', { topicId: current }).catch(() => {});
  },
);

part('back').addEventListener('click', showList);
part('reopen').addEventListener('click', () => attempt('reopen', { topicId: current }));
const chooser = /** @type {HTMLInputElement} */ (part('file'));
part('attach').addEventListener('click', () => {
  if (sendsFiles) chooser.click();
  else void attempt('photo', { topicId: current });
});
chooser.addEventListener('change', async () => {
  const [files, topicId] = [[...(chooser.files ?? [])], String(current)];
  // The same file can be chosen again.
  chooser.value = '';
  if (files.length > 0) await sendFiles(files, { topicId }).catch(complain);
});
part('topic-menu').addEventListener('click', () => {
  const { right, bottom } = part('topic-menu').getBoundingClientRect();
  const closed = topics.get(current ?? 0)?.closed ?? false;
  const input = { topicId: current };
  openMenu({ x: right - 200, y: bottom }, [
    closed
      ? { name: 'reopen', label: words.reopen, icon: 'unlock', run: () => attempt('reopen', input) }
      : { name: 'close', label: words.close, icon: 'lock', run: () => attempt('close', input) },
    ...(current === GENERAL
      ? []
      : [
          {
            name: 'delete-topic',
            label: words.remove,
            icon: 'trash',
            danger: true,
            run: () => attempt('delete-topic', input),
          },
        ]),
  ]);
});
document.addEventListener(
  'keydown',
  (event) => event.key === 'Escape' && current !== undefined && !flat && showList(),
);
document.addEventListener('visibilitychange', markRead);

const actions = {
  /** @type {import('./bubble.js').BubbleActions['menu']} */
  menu(message, at) {
    const own = message.from.id === me;
    openMenu(at, [
      { name: 'reply', label: 'Reply', icon: 'reply', run: () => replyTo(message) },
      {
        name: 'copy',
        label: 'Copy text',
        icon: 'copy',
        run: () => void copy(message.text || (message.preview ?? '')),
      },
      ...(own ? [{ name: 'edit', label: 'Edit', icon: 'edit', run: () => editMessage(message) }] : []),
      // Whoever holds this phone looks after the server, and may delete what others wrote.
      ...(own || platform === 'discord'
        ? [
            {
              name: 'delete',
              label: 'Delete',
              icon: 'trash',
              danger: true,
              run: () => attempt('delete', { messageId: message.id }),
            },
          ]
        : []),
    ]);
  },
};

/** @param {number} topicId */
async function open(topicId) {
  if (current !== topicId) clearComposer();
  current = topicId;
  draw();
  part('phone').classList.add('open');
  part('list').inert = true;
  part('conversation').inert = false;
  await load(topicId);
  // On a touch screen the keyboard would cover what the person came to read.
  if (matchMedia('(hover: hover)').matches) focusComposer();
}

/** @param {number} topicId */
async function load(topicId) {
  waiting = [];
  const messages = await messagesOf(topicId).catch(() => undefined);
  if (current !== topicId) return;
  const late = waiting ?? [];
  waiting = undefined;
  if (messages) drawConversation(messages, me, actions);
  for (const message of late) updateConversation(message, actions);
  markRead();
}

function showList() {
  const left = current;
  current = undefined;
  part('phone').classList.remove('open');
  part('list').inert = false;
  part('conversation').inert = true;
  draw();
  part('topics').querySelector(`[data-topic="${left}"] button`)?.dispatchEvent(new Event('refocus'));
}

function openNewest() {
  const [newest] = [...topics.values()]
    .filter((topic) => topic.id !== GENERAL)
    .sort((a, b) => moved(b) - moved(a));
  if (newest) void open(newest.id);
}

function draw() {
  const people = [...topics.keys()].filter((id) => id !== GENERAL).length;
  part('group-status').textContent = connected
    ? `${people} ${people === 1 ? words.one : words.many}`
    : 'Connecting…';
  drawTopics([...topics.values()], { me, typing: (id) => acting.get(id)?.name, open });
  const topic = current === undefined ? undefined : topics.get(current);
  if (topic) drawHeader(topic);
}

/** @param {ListedTopic} topic */
function drawHeader(topic) {
  const typist = acting.get(topic.id)?.name;
  const status = part('topic-status');
  const quiet = flat ? kindOfChat : groupTitle;
  part('topic-title').textContent = flat ? groupTitle : topic.title;
  status.textContent = !connected ? 'Connecting…' : typist ? `${typist} is typing` : quiet;
  status.classList.toggle('live', connected && typist !== undefined);
  paintTopicIcon(part('topic-icon'), topic);
  part('closed').hidden = !topic.closed;
  const elsewhere = [...topics.values()].reduce((sum, one) => sum + (one.id === current ? 0 : one.unread), 0);
  part('elsewhere').hidden = elsewhere === 0;
  part('elsewhere').textContent = count(elsewhere);
}

/** @param {number} topicId */
function rest(topicId) {
  clearTimeout(acting.get(topicId)?.timer);
  if (acting.delete(topicId)) draw();
}

function markRead() {
  if (current === undefined || document.visibilityState !== 'visible') return;
  act('read', { topicId: current }).catch(() => {});
}

/** @param {Parameters<typeof act>} call @returns {Promise<boolean>} */
async function attempt(...call) {
  try {
    await act(...call);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** @param {unknown} error */
const complain = (error) => say(error instanceof Error ? error.message : String(error));

/** @param {string} text */
async function copy(text) {
  await navigator.clipboard?.writeText(text).then(
    () => say('Copied'),
    () => say('Copying is not allowed here'),
  );
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
/** @param {string} what */
function say(what) {
  const toast = part('toast');
  toast.textContent = what;
  toast.hidden = false;
  clearTimeout(silence);
  silence = setTimeout(() => {
    toast.hidden = true;
  }, 3_000);
}
