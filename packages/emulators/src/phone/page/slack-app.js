import { initial, part } from './dom.js';
import { openMenu } from './menu.js';
import { composer } from './slack-composer.js';
import { act, follow, share, threadOf } from './slack-connection.js';
import { day, row } from './slack-message.js';
import { dayOf } from './time.js';

/**
 * @typedef {import('./slack-message.js').Shown} Shown
 * @typedef {import('./slack-connection.js').SlackPerson} SlackPerson
 */

const openLatest = new URLSearchParams(location.search).get('open') === 'latest';

/** The channel's own messages. @type {Map<string, Shown>} */
const flow = new Map();
/** Those of the thread that is open, its first message included. @type {Map<string, Shown>} */
const thread = new Map();
/** @type {Map<string, SlackPerson>} */
const people = new Map();
let me = '';
let connected = false;
/** The thread on the screen, or undefined for the channel. @type {string | undefined} */
let current;

follow(
  {
    hello({ team, channel, me: owner, people: all, messages }) {
      me = owner.id;
      connected = true;
      part('team').textContent = initial(team);
      part('channel-name').textContent = `# ${channel.name}`;
      part('thread-channel').textContent = `# ${channel.name}`;
      people.clear();
      for (const person of all) people.set(person.id, person);
      flow.clear();
      for (const message of messages) flow.set(message.ts, message);
      channelComposer.disable(channel.isArchived);
      threadComposer.disable(channel.isArchived);
      drawFlow(true);
      if (current !== undefined) void load(current);
      else if (openLatest) openNewest();
    },
    message(message) {
      people.set(message.from.id, message.from);
      if (message.deleted) for (const each of [channelComposer, threadComposer]) each.forget(message.ts);
      if (message.threadTs === undefined) inFlow(message);
      if (current !== undefined && (message.threadTs === current || message.ts === current))
        inThread(message);
    },
  },
  () => {
    connected = false;
    drawStatus();
  },
);

const actions = {
  name: (/** @type {string} */ id) => people.get(id)?.name,
  open: (/** @type {Shown} */ message) => void open(message.ts),
  react: (/** @type {Shown} */ message, /** @type {string} */ name) =>
    void attempt('react', { ts: message.ts, name }),
  menu(/** @type {Shown} */ message, /** @type {{ x: number, y: number }} */ at) {
    const own = message.from.id === me;
    const { ts } = message;
    const react = (/** @type {string} */ name) => attempt('react', { ts, name });
    openMenu(at, [
      ...(current === undefined
        ? [{ name: 'reply', label: 'Reply in thread', icon: 'thread', run: () => void open(ts) }]
        : []),
      { name: 'react', label: 'React with 👍', icon: 'smile', run: () => react('+1') },
      { name: 'copy', label: 'Copy text', icon: 'copy', run: () => void copy(message.text) },
      ...(own
        ? [{ name: 'edit', label: 'Edit message', icon: 'edit', run: () => shownComposer().edit(message) }]
        : []),
      {
        name: 'delete',
        label: 'Delete message',
        icon: 'trash',
        danger: true,
        run: () => attempt('delete', { ts }),
      },
    ]);
  },
};

const others = () =>
  [...people.values()].filter(({ id }) => id !== me).sort((a, b) => Number(b.isBot) - Number(a.isBot));

const channelComposer = composer(part('channel-composer'), {
  label: 'Message the channel',
  people: others,
  send: (words, editing) =>
    editing ? attempt('edit', { ts: editing.ts, text: words }) : attempt('say', { text: words }),
});
const threadComposer = composer(part('thread-composer'), {
  label: 'Reply…',
  people: others,
  share: async (files) => {
    const threadTs = current;
    if (threadTs !== undefined && files.length > 0) await tried(() => share(threadTs, files));
  },
  send: (words, editing) =>
    editing
      ? attempt('edit', { ts: editing.ts, text: words })
      : attempt('type', { threadTs: current, text: words }),
});
const shownComposer = () => (current === undefined ? channelComposer : threadComposer);

part('back').addEventListener('click', showChannel);
document.addEventListener(
  'keydown',
  (event) => event.key === 'Escape' && current !== undefined && showChannel(),
);
document.addEventListener('visibilitychange', markRead);

/** @param {Shown} message */
function inFlow(message) {
  const fresh = !flow.has(message.ts);
  if (message.deleted === 'gone') flow.delete(message.ts);
  else flow.set(message.ts, message);
  drawFlow(fresh);
  if (message.deleted === 'gone' && message.ts === current) {
    showChannel();
    say('The message was deleted');
  }
  if (fresh && openLatest && current === undefined && message.from.isBot) void open(message.ts);
}

/** @param {Shown} message */
function inThread(message) {
  const fresh = !thread.has(message.ts);
  if (message.deleted === 'gone') thread.delete(message.ts);
  else thread.set(message.ts, message);
  drawThread(fresh);
  if (fresh) markRead();
}

function drawStatus() {
  const conversations = [...flow.values()].filter(({ from }) => from.isBot).length;
  const count = `${conversations} ${conversations === 1 ? 'conversation' : 'conversations'}`;
  part('channel-status').textContent = connected ? count : 'Connecting…';
}

/** @param {boolean} toEnd */
function drawFlow(toEnd) {
  drawStatus();
  part('empty').hidden = flow.size > 0;
  part('flow').hidden = flow.size === 0;
  draw(part('flow'), [...flow.values()], false, toEnd);
}

/** @param {boolean} toEnd */
function drawThread(toEnd) {
  draw(part('replies'), [...thread.values()], true, toEnd);
}

/**
 * Draws what has changed; what stays as it is keeps its focus and selection.
 * @param {HTMLElement} holder
 * @param {Shown[]} messages
 * @param {boolean} inside whether it is a thread
 * @param {boolean} toEnd
 */
function draw(holder, messages, inside, toEnd) {
  const nearEnd = holder.scrollHeight - holder.scrollTop - holder.clientHeight < 80;
  const drawn = new Map([...holder.children].map((child) => [child.getAttribute('data-drawn'), child]));
  let before = '';
  const nodes = messages
    .sort((a, b) => (a.ts < b.ts ? -1 : 1))
    .flatMap((message, at) => {
      const { ts } = message;
      const head = !inside && dayOf(Number(ts)) !== before ? [day(Number(ts))] : [];
      before = dayOf(Number(ts));
      const key = JSON.stringify([message, me]);
      const node = drawn.get(key) ?? row(message, me, { ...actions, inThread: inside });
      node.setAttribute('data-drawn', key);
      return [...head, node, ...(inside && at === 0 ? [divider(messages.length - 1)] : [])];
    });
  holder.replaceChildren(...nodes);
  if (toEnd || nearEnd) holder.scrollTop = holder.scrollHeight;
}

/** @param {number} replies */
function divider(replies) {
  const line = document.createElement('p');
  line.className = 'divider';
  line.textContent = replies === 0 ? 'No replies yet' : replies === 1 ? '1 reply' : `${replies} replies`;
  return line;
}

/** @param {string} ts */
async function open(ts) {
  if (current !== ts) threadComposer.clear();
  current = ts;
  thread.clear();
  const parent = flow.get(ts);
  if (parent) thread.set(ts, parent);
  drawThread(true);
  part('phone').classList.add('open');
  part('channel').inert = true;
  part('thread').inert = false;
  await load(ts);
  // On a touch screen the keyboard would cover what the person came to read.
  if (matchMedia('(hover: hover)').matches) threadComposer.focus();
}

/** @param {string} ts */
async function load(ts) {
  const messages = await threadOf(ts).catch(() => []);
  if (current !== ts) return;
  for (const message of messages) {
    people.set(message.from.id, message.from);
    if (message.deleted !== 'gone') thread.set(message.ts, message);
  }
  drawThread(true);
  markRead();
}

function showChannel() {
  const left = current;
  current = undefined;
  part('phone').classList.remove('open');
  part('channel').inert = false;
  part('thread').inert = true;
  const row = part('flow').querySelector(`[data-ts="${left}"] .summary`);
  if (row instanceof HTMLElement) row.focus({ preventScroll: true });
}

/** The conversation in which something was said last. */
function openNewest() {
  const heard = (/** @type {Shown} */ { ts, latestReply }) => Number(latestReply ?? ts);
  const [newest] = [...flow.values()]
    .filter(({ from, deleted }) => from.isBot && !deleted)
    .sort((a, b) => heard(b) - heard(a));
  if (newest) void open(newest.ts);
}

function markRead() {
  if (current === undefined || document.visibilityState !== 'visible') return;
  act('read', { threadTs: current }).catch(() => {});
}

/** @param {Parameters<typeof act>} call */
const attempt = (...call) => tried(() => act(...call));

/** @param {() => Promise<void>} deed @returns {Promise<boolean>} */
async function tried(deed) {
  try {
    await deed();
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** @param {string} words */
async function copy(words) {
  await navigator.clipboard?.writeText(words).then(
    () => say('Copied'),
    () => say('Copying is not allowed here'),
  );
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
/** @param {string} words */
function say(words) {
  const toast = part('toast');
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(silence);
  silence = setTimeout(() => {
    toast.hidden = true;
  }, 3_000);
}
