import type { Engine } from '../engine.js';
import type { Session } from '../model/index.js';
import type { Bridge, Inbound, MessageRef, WriteSet } from '../ports/index.js';
import { answerTask } from './answer.js';
import { obey } from './obey.js';
import { removeAsOperator } from './remove.js';
import { reply } from './reply.js';
import { revise } from './revise.js';

/** The bridge that something came from. */
export type Source = Pick<Bridge, 'name' | 'commandPrefix' | 'gestures' | 'threadless'>;

/** Takes what happened on a platform; resolves after the commit. The same thing twice has one effect. */
export const receive = async (engine: Engine, source: Source, inbound: Inbound): Promise<void> => {
  switch (inbound.kind) {
    case 'message':
      return reply(engine, source, inbound);
    case 'edit':
      return revise(engine, source, inbound);
    case 'delete':
      return removeAsOperator(engine, source, inbound);
    case 'command':
      return obey(engine, source, inbound);
  }
};

/**
 * The session that something on a platform belongs to: that of its thread, retired ones included; outside of any
 * thread, that of the message it answers.
 */
export const sessionAt = async (
  engine: Engine,
  source: Source,
  { ref, replyTo }: { readonly ref: MessageRef; readonly replyTo?: MessageRef },
): Promise<Session | null> => {
  const sessionId =
    ref.threadId === undefined
      ? replyTo && (await sessionOfPost(engine, source, replyTo))
      : (await engine.storage.thread({ bridge: source.name, chatId: ref.chatId, threadId: ref.threadId }))
          ?.sessionId;
  return sessionId ? engine.storage.session(sessionId) : null;
};

const sessionOfPost = async (
  engine: Engine,
  source: Source,
  { chatId, platformId }: MessageRef,
): Promise<string | undefined> => {
  const links = await engine.storage.links({ bridge: source.name, chatId, platformId });
  return links.find(({ sessionId }) => sessionId !== '')?.sessionId;
};

/** What makes a repeated delivery of the same platform message harmless. */
export const once = (source: Source, ref: MessageRef, what: string): NonNullable<WriteSet['dedupe']> => ({
  scope: `in/${source.name}`,
  key: `${what}/${ref.chatId}/${ref.platformId}`,
  digest: '',
});

/** Tells the author of a message something, once, and changes nothing else. */
export const onlyAnswer = async (
  engine: Engine,
  source: Source,
  to: MessageRef,
  text: string,
  what: string,
): Promise<void> => {
  await engine.log.commit({
    at: engine.clock.now(),
    tasks: [answerTask(source.name, to, text)],
    dedupe: once(source, to, what),
  });
};
