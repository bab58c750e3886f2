import type { AttachmentId, MessageId } from '@pocketping/protocol';
import { commitRetrying } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { BridgeError, PocketPingError } from '../errors.js';
import type { Attachment, Message, MessageLink, TaskKey } from '../model/index.js';
import { answerTask } from '../operators/answer.js';
import type { Bridge, WriteSet } from '../ports/index.js';
import { Measured, peek } from './bytes.js';
import { newPlace, recordWrite } from './register.js';
import { sniff, soundOr, UNKNOWN_TYPE } from './sniff.js';
import { filesHere, tooLarge } from './upload.js';

/** A file that has not come within this time comes with another attempt. */
const FETCH_MS = 10 * 60_000;
/** With the pauses between them, a day. */
const ATTEMPTS = 30;

/**
 * Brings the bytes of a message's files from the platform, and tells everybody who sees the message. What can never be had is said to be
 * missing. @throws whatever another attempt may mend
 */
export const fetchFiles = async (
  engine: Engine,
  bridge: Bridge,
  messageId: MessageId,
  attempts: number,
): Promise<void> => {
  for (;;) {
    const message = await engine.storage.message(messageId);
    const next = message?.attachments?.find(({ status }) => status === 'fetching');
    if (!message || !next) return;
    try {
      await fetchOne(engine, bridge, message, next);
    } catch (error) {
      const reason = whyNever(error, attempts);
      if (reason === undefined) throw error;
      engine.logger.warn(
        { err: error, bridge: bridge.name, messageId },
        'a file of the team’s cannot be had',
      );
      await settle(engine, bridge, messageId, { ...without(next), status: 'failed' }, { problem: reason });
    }
  }
};

const fetchOne = async (
  engine: Engine,
  bridge: Bridge,
  { id: messageId }: Message,
  attachment: Attachment,
): Promise<void> => {
  const files = filesHere(engine);
  const { source } = attachment;
  if (!bridge.files || !source) throw new BridgeError('invalid', 'This bridge hands over no files.');
  const { file, removal } = await newPlace(engine);
  const deadline = new AbortController();
  const cancel = engine.clock.schedule(FETCH_MS, () => deadline.abort());
  try {
    const measured = new Measured();
    const bytes = await bridge.files.fetch(source.ref, { signal: deadline.signal });
    const { head, whole } = await peek(measured.through(bytes, files.maxBytes, () => tooLarge(files)));
    const mimeType = soundOr((await sniff(head)) ?? UNKNOWN_TYPE, attachment.mimeType);
    await files.store.write(file, whole, { mimeType });
    const ready = { ...without(attachment), file, mimeType, size: measured.passed, status: 'ready' } as const;
    const told = await settle(engine, bridge, messageId, ready, { cancel: [removal] });
    if (!told) await files.store.remove(file);
  } catch (error) {
    await files.store.remove(file).catch((err: unknown) => {
      engine.logger.warn({ err, file }, 'what came of a file of the team’s could not be removed');
    });
    throw error;
  } finally {
    cancel();
  }
};

/** Without where it came from: that is of no use any more. */
const without = ({ source: _, ...rest }: Attachment): Attachment => rest;

/** Why no other attempt would bring the file, for people; undefined when one might. */
const whyNever = (error: unknown, attempts: number): string | undefined => {
  if (BridgeError.isInstance(error) && (error.code === 'invalid' || error.code === 'message_gone'))
    return error.message;
  if (PocketPingError.isInstance(error) && error.code === 'payload_too_large') return error.message;
  return attempts + 1 >= ATTEMPTS ? 'It could not be fetched for a day.' : undefined;
};

/** The message's file is as it is now. @returns false when the message is gone, or the file was settled already */
const settle = async (
  engine: Engine,
  bridge: Bridge,
  messageId: MessageId,
  attachment: Attachment,
  { problem, cancel = [] }: { readonly problem?: string; readonly cancel?: readonly TaskKey[] },
): Promise<boolean> => {
  const links = await engine.storage.links({ bridge: bridge.name, messageId });
  const link = links.find(({ direction }) => direction === 'in');
  const committed = await commitRetrying(engine, async () => {
    const message = await engine.storage.message(messageId);
    const session = message && (await engine.storage.session(message.sessionId));
    const current = message?.attachments?.find(({ id }) => id === attachment.id);
    if (!session || current?.status !== 'fetching') return null;
    return {
      ...settling(engine, bridge.name, message, attachment, { link, problem }),
      cancel,
      expect: { seq: session.seq },
    };
  });
  return committed !== null;
};

const settling = (
  engine: Engine,
  bridge: string,
  message: Message,
  attachment: Attachment,
  { link, problem }: { link: MessageLink | undefined; problem: string | undefined },
): WriteSet => ({
  at: engine.clock.now(),
  session: { id: message.sessionId },
  update: [{ id: message.id, patch: { attachments: replaced(message, attachment) } }],
  events: [
    {
      type: 'message_edited',
      audience: message.audience,
      messageId: message.id,
      actor: { kind: 'system', id: bridge },
      origin: bridge,
    },
  ],
  state: attachment.status === 'ready' ? [recordWrite(recordIn(message, attachment))] : [],
  tasks: [
    ...deliverTasks(engine, message.sessionId, bridge),
    ...(link && problem !== undefined
      ? [answerTask(bridge, link, `“${attachment.name}” does not reach the visitor. ${problem}`)]
      : []),
  ],
});

const replaced = ({ attachments = [] }: Message, changed: Attachment): Attachment[] =>
  attachments.map((one) => (one.id === changed.id ? changed : one));

const recordIn = ({ sessionId }: Message, { id, file, key, name, mimeType, size }: Attachment) =>
  ({ id, file, key, name, mimeType, size, sessionId, status: 'attached' }) as const;

/** The payload of a `fetch` task. */
export const messageOf = (payload: unknown): MessageId => (payload as { messageId: AttachmentId }).messageId;
