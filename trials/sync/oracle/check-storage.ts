import type { Message, StoragePort } from '@pocketping/core';
import type { Said } from '../ledger.js';
import { HELD_MS } from '../troubles.js';
import { fileOf } from '../words.js';
import type { Case, Evidence, Stored } from './evidence.js';

const ALL = 1_000_000;

/** Reads what the storage holds, and finds out which utterance each message is. */
export const readCase = async (
  evidence: Evidence,
  storage: StoragePort,
  wrong: Case['wrong'],
): Promise<Case> => {
  const sessions: Stored[] = [];
  for (const [number, { sessionId = '' }] of evidence.shown.entries()) {
    const session = await storage.session(sessionId);
    if (!session) throw new Error(`the session of visitor ${number}, ${sessionId}, is not stored`);
    sessions.push({ session, messages: await storage.messages(sessionId, { limit: ALL }) });
  }
  const messages = new Map(sessions.flatMap((one) => one.messages.map((message) => [message.id, message])));
  const messageOf = new Map<number, Message>();
  const utteranceOf = new Map<string, Said>();
  for (const said of evidence.ledger.said.values()) {
    for (const id of await idsOf(storage, said)) {
      const message = messages.get(id);
      if (!message) continue;
      messageOf.set(said.saying.number, message);
      utteranceOf.set(id, said);
    }
  }
  return { ...evidence, storage, sessions, messageOf, utteranceOf, wrong };
};

/** Which message an utterance became: one that it acknowledged, or that is linked to where it was typed. */
const idsOf = async (storage: StoragePort, { messageId, typed }: Said): Promise<string[]> => {
  if (!typed) return messageId === undefined ? [] : [messageId];
  const { app, id } = typed;
  const links = await storage.links({ bridge: app.name, chatId: app.chatId, platformId: id });
  return links.flatMap((link) => (link.direction === 'in' && link.messageId !== '' ? [link.messageId] : []));
};

/** Each utterance is stored once, in its session, by its author, as it was left; and nothing else is. */
export const checkStorage = async (found: Case): Promise<void> => {
  const { ledger, sessions, messageOf, utteranceOf, wrong, logged } = found;
  for (const { level, message, error } of logged) {
    if (level === 'error' && !EXPECTED.test(`${message} ${error}`))
      wrong(`the server logged: ${message} ${error}`);
  }
  for (const { session, messages } of sessions) {
    await checkLog(found, session.id);
    for (const { id, content } of messages) {
      if (!utteranceOf.has(id)) wrong(`nobody said what is stored as ${id}: ${content}`);
    }
    checkOrder(found, messages);
  }
  for (const said of ledger.said.values()) {
    const message = messageOf.get(said.saying.number);
    const what = describe(said);
    if (message) checkMessage(found, said, message, what);
    // What was taken back before it was heard stays unsaid.
    else if (said.removedAt === undefined || said.saying.operator === undefined)
      wrong(`${what} is not stored`);
  }
};

/**
 * A token that is refused is a person's business; and what is refused twice, or has no plainer form, is said to be. A message of
 * which that is said is a dead letter: there are fewer of them than faults that refuse.
 */
const EXPECTED =
  /is paused: .*refused|(?:a delivery failed; trying again|the platform does not take a message; it is kept as a dead letter|the platform refuses a note, or never confirms it; going on without it) BridgeError: .*(?:invalid_blocks|50035|can't parse entities)/s;

export const describe = ({ saying: { number, session, operator, isNote }, typed, at }: Said): string =>
  `m${number} of ${operator ? `${operator.name} on ${operator.app}` : 'the visitor'} in conversation ${session}` +
  `${isNote ? ', a note,' : ''} (${typed ? `typed as ${typed.id} in ${typed.thread}, ` : ''}at ${at})`;

const checkMessage = (found: Case, said: Said, message: Message, what: string): void => {
  const { wrong } = found;
  const { operator, isNote, texts, session } = said.saying;
  if (message.sessionId !== found.sessions[session]?.session.id) wrong(`${what} is in ${message.sessionId}`);
  if (message.audience !== (isNote ? 'team' : 'all')) wrong(`${what} is for ${message.audience}`);
  if (!isAuthor(said, message)) wrong(`${what} is said to be by ${JSON.stringify(message.author)}`);
  const isDeleted = message.deletedAt !== undefined;
  if (isDeleted !== (said.removedAt !== undefined)) {
    if (isDeleted) wrong(`${what} is deleted, and nobody did that`);
    else if (!mayBeUnheard(found, said)) wrong(`${what} was deleted at ${said.removedAt}, and is there`);
  }
  // Of what is gone there, an edit that nobody heard of can no longer be asked for either.
  if (isDeleted || said.removedAt !== undefined) return;
  const expected = texts[said.version];
  if (message.content !== expected)
    wrong(
      `${what} should say "${expected}": ${message.content} (version ${message.version}, edited ${message.editedAt})`,
    );
  if (said.saying.withFile) checkFile(said, message, what, wrong);
  if (operator === undefined || message.replyTo !== undefined) checkAnswered(found, said, message, what);
};

const checkFile = (
  { saying }: Said,
  { attachments = [] }: Message,
  what: string,
  wrong: Case['wrong'],
): void => {
  const { name, bytes } = fileOf(saying);
  const [file] = attachments;
  const isIt = file?.name === name && file.size === bytes.length && file.status === 'ready';
  if (attachments.length !== 1 || !isIt) wrong(`${what} should have ${name}: ${JSON.stringify(attachments)}`);
};

const isAuthor = ({ saying: { operator }, typed }: Said, { author }: Message): boolean => {
  if (!operator || !typed) return author.kind === 'visitor';
  // Slack may not tell a name in time; who it is, it always tells.
  const named = author.name === operator.name || (operator.app === 'slack' && author.name === 'Teammate');
  return (
    named &&
    author.kind === 'operator' &&
    author.via === operator.app &&
    author.id === typed.app.idOf(operator.name)
  );
};

const checkAnswered = ({ messageOf, wrong }: Case, said: Said, message: Message, what: string): void => {
  const target = said.answered && messageOf.get(said.answered.number);
  if (message.replyTo === target?.id) return;
  // Of several in one post, the newest is taken to be meant.
  if (said.typed && message.replyTo !== undefined && said.answered !== undefined) return;
  wrong(`${what} answers ${message.replyTo} and not ${target?.id}`);
};

/**
 * Discord and Slack keep no trace of deletions. On Discord, one that was made while nobody listened, or that was heard and
 * not stored when the server died, stays unknown: what was typed there after it and was stored before shows that it had
 * been heard. On Slack, one of which it has given up telling.
 */
const mayBeUnheard = ({ ledger, messageOf, interruptions }: Case, said: Said): boolean => {
  const { removedAt, typed } = said;
  if (removedAt === undefined || !typed) return false;
  if (typed.app.name !== 'discord') return typed.app.untoldDeletions.includes(typed.id);
  const later = [...ledger.said.values()].filter(
    (other) => other.typed?.app === typed.app && other.at > removedAt + HELD_MS,
  );
  const storedAt = ({ saying }: Said) => messageOf.get(saying.number)?.createdAt ?? Infinity;
  // Several may overlap: a line that is cut while another trouble lasts.
  return interruptions.some(
    ({ app, from, to }) =>
      app === typed.app &&
      removedAt <= to &&
      (removedAt >= from - HELD_MS - CAUGHT_UP_MS || !later.some((other) => storedAt(other) < from)),
  );
};

/** While the engine asks what was missed, what it hears waits so long at most, and a busy machine is late. */
const CAUGHT_UP_MS = 2500;

const checkLog = async ({ storage, wrong }: Case, sessionId: string): Promise<void> => {
  const log = await storage.events(sessionId, { after: 0, limit: ALL });
  const hole = log.findIndex(({ event }, index) => event.seq !== index + 1);
  if (hole >= 0) wrong(`the log of ${sessionId} has a hole at ${hole + 1}`);
  const brought = log.filter(({ event }) => event.type === 'message').map(({ message }) => message?.id);
  if (new Set(brought).size !== brought.length) wrong(`the log of ${sessionId} brings a message twice`);
};

/** What a visitor said stands in the order in which they said it. */
const checkOrder = ({ utteranceOf, wrong }: Case, messages: readonly Message[]): void => {
  const numbers = messages.flatMap(({ id, author }) => {
    const said = utteranceOf.get(id);
    return author.kind === 'visitor' && said ? [said.saying.number] : [];
  });
  if (numbers.join() !== numbers.toSorted((left, right) => left - right).join()) {
    wrong(`a visitor's messages are out of order: ${numbers.join()}`);
  }
};
