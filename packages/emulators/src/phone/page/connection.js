/**
 * @typedef {{ color: string, text: string, entities: import('../../telegram/types.js').MessageEntity[], footer?: string }} Embed
 * @typedef {{ name: string, size: number, type: string, path: string }} SharedFile
 * @typedef {import('../../telegram/snapshot.js').PhoneMessage & { embeds?: Embed[], preview?: string, files?: SharedFile[] }} PhoneMessage
 * @typedef {import('../../telegram/snapshot.js').PhoneFile} PhoneFile
 * @typedef {import('../../telegram/snapshot.js').PhonePerson} PhonePerson
 * @typedef {import('../../telegram/snapshot.js').PhoneTopic & { lastMessage?: PhoneMessage, unread: number }} ListedTopic
 * @typedef {import('../../telegram/types.js').BotCommand} BotCommand
 * @typedef {import('../../telegram/types.js').Chat} Chat
 * @typedef {{ chat: Chat, me: PhonePerson, bot: PhonePerson, topics: ListedTopic[], commands: BotCommand[], files?: boolean }} Hello
 * @typedef {object} Listeners
 * @property {(hello: Hello) => void} hello everything anew, at each (re)connection
 * @property {(topic: ListedTopic) => void} topic
 * @property {(message: PhoneMessage) => void} message
 * @property {(action: { topicId: number, from: PhonePerson, action: string }) => void} action
 * @property {(commands: BotCommand[]) => void} commands
 */

/** Who holds this phone, and which chat is on it, travels with every request. */
const kept = [...new URLSearchParams(location.search)].filter(([name]) => name === 'as' || name === 'chat');

/**
 * @param {string} path
 * @param {Record<string, string>} [query]
 */
const address = (path, query = {}) => {
  const parameters = new URLSearchParams([...Object.entries(query), ...kept]);
  return parameters.size > 0 ? `phone/${path}?${parameters}` : `phone/${path}`;
};

/**
 * Follows what happens; reconnects by itself.
 * @param {Listeners} listeners
 * @param {(lost: boolean) => void} lost tells when the line breaks; `hello` tells that it is back
 */
export function follow(listeners, lost) {
  const source = new EventSource(address('stream'));
  source.onerror = () => {
    lost(true);
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(listeners, lost), 2000);
  };
  for (const [name, listener] of Object.entries(listeners)) {
    source.addEventListener(name, (event) => {
      if (name === 'hello') lost(false);
      listener(JSON.parse(event.data));
    });
  }
}

/**
 * @param {number} topicId
 * @returns {Promise<PhoneMessage[]>}
 */
export async function messagesOf(topicId) {
  const response = await fetch(address('messages', { topic: String(topicId) }));
  const { messages } = await response.json();
  return messages;
}

/**
 * Does something as this phone's owner.
 * @param {'type' | 'edit' | 'delete' | 'photo' | 'close' | 'reopen' | 'delete-topic' | 'read' | 'typing'} name
 * @param {Record<string, unknown>} input
 * @throws Error with what to tell the person
 */
export async function act(name, input) {
  const response = await fetch(address(name), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  }).catch(() => {
    throw new Error('No connection. Try again in a moment.');
  });
  await requireDone(response);
}

/**
 * Sends files together as this phone's owner.
 * @param {readonly File[]} files
 * @param {Record<string, string>} input what else there is to say of them
 * @throws Error with what to tell the person
 */
export async function sendFiles(files, input) {
  const list = JSON.stringify(files.map(({ name, type, size }) => ({ name, type, size })));
  const response = await fetch(address('file', { ...input, files: list }), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Blob([...files]),
  }).catch(() => {
    throw new Error('No connection. Try again in a moment.');
  });
  await requireDone(response);
}

/** Where a file is. @param {PhoneFile} file */
export const fileAddress = ({ id }) => address('file', { id });

/** @param {Response} response */
async function requireDone(response) {
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error ?? 'That did not work.');
}
