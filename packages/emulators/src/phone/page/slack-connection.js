import { serverFor } from './server.js';

/**
 * @typedef {import('../../slack/phone-stream.js').PhoneSlackMessage} PhoneSlackMessage
 * @typedef {import('../../slack/snapshot.js').SlackSeen} SlackSeen
 * @typedef {import('../../slack/snapshot.js').SlackPerson} SlackPerson
 * @typedef {{ team: string, channel: { id: string, name: string, isArchived: boolean }, me: SlackPerson, people: SlackPerson[], messages: PhoneSlackMessage[] }} Hello
 */

const server = serverFor(['as', 'channel']);

/** @type {(listeners: { hello: (hello: Hello) => void, message: (message: PhoneSlackMessage) => void }, lost: () => void) => void} */
export const follow = server.follow;

/**
 * A thread, its first message at the head.
 * @param {string} ts
 * @returns {Promise<SlackSeen[]>}
 */
export const threadOf = async (ts) => (await server.ask('thread', { ts })).messages;

/** @type {(name: 'say' | 'type' | 'edit' | 'delete' | 'react' | 'read', input: Record<string, unknown>) => Promise<void>} */
export const act = server.act;

/** Where the page gets a file. @param {string} id */
export const fileAt = (id) => server.address('file', { id });

/**
 * Shares files in one message as this phone's owner.
 * @param {string} threadTs
 * @param {readonly File[]} files
 */
export const share = (threadTs, files) => server.sendFiles(files, { threadTs });
