import { serverFor } from './server.js';

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

const server = serverFor(['as', 'chat']);

/**
 * @param {Listeners} listeners
 * @param {(lost: boolean) => void} lost tells when the line breaks, and when it is back
 */
export function follow(listeners, lost) {
  /** @param {Hello} hello */
  const hello = (hello) => {
    lost(false);
    listeners.hello(hello);
  };
  server.follow({ ...listeners, hello }, () => lost(true));
}

/**
 * @param {number} topicId
 * @returns {Promise<PhoneMessage[]>}
 */
export const messagesOf = async (topicId) =>
  (await server.ask('messages', { topic: String(topicId) })).messages;

/** @type {(name: 'type' | 'edit' | 'delete' | 'photo' | 'close' | 'reopen' | 'delete-topic' | 'read' | 'typing', input: Record<string, unknown>) => Promise<void>} */
export const act = server.act;

export const sendFiles = server.sendFiles;

/** Where a file is. @param {PhoneFile} file */
export const fileAddress = ({ id }) => server.address('file', { id });
