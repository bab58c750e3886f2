import { MemoryFileStore, MemoryStorage, type Message, PocketPing } from '@pocketping/core';
import { expect, onTestFinished, vi } from 'vitest';
import { virtualClock } from '../clock.js';
import { recordingLogger } from '../logger.js';
import type { MediaContract, MediaPlatform } from './fixture.js';
import type { MediaSample } from './samples.js';

/** An engine with one bridge, in virtual time, and a visitor who has begun a conversation that the team can see. */
export const begun = async <Platform extends MediaPlatform>({ create }: MediaContract<Platform>) => {
  const platform = await create();
  const clock = virtualClock(Date.now());
  const pp = new PocketPing({
    bridge: platform.bridge,
    files: new MemoryFileStore(),
    storage: new MemoryStorage({ clock }),
    clock,
    logger: recordingLogger(),
  });
  onTestFinished(async () => {
    await pp.stop();
    await platform.close();
  });
  await pp.start();
  const { conversation } = pp;
  const { session, token = '' } = await conversation.connect({ visitorId: 'vis_one' }, {});
  const actor = await conversation.authenticate(token);
  const sessionId = session.id;

  /** The platform is a real server; only the engine's own pauses are the clock's. */
  const eventually = <Value>(find: () => Value | Promise<Value>): Promise<Value> =>
    vi.waitFor(
      async () => {
        await clock.advance(200);
        return find();
      },
      { timeout: 10_000, interval: 20 },
    );

  const bring = async ({ name, bytes }: MediaSample): Promise<string> => {
    const { attachmentId } = await conversation.announce(actor, { sessionId, name, size: bytes.length });
    const open = () => new Blob([bytes]).stream() as ReadableStream<Uint8Array>;
    await conversation.takeBytes(actor, attachmentId, open);
    await conversation.completeUpload(actor, { sessionId, attachmentId });
    return attachmentId;
  };

  const fileOf = async ({ id, key, name, mimeType, size, status }: Attachment) => {
    expect({ id, status }).toEqual({ id, status: 'ready' });
    const file = await conversation.openFile(id, { key });
    const bytes = new Uint8Array(await new Response(await file.bytes()).arrayBuffer());
    expect([size, file.mimeType, file.name]).toEqual([bytes.length, mimeType, name]);
    return { name, mimeType, bytes };
  };

  await conversation.send(actor, { sessionId, content: 'Is anybody there?' });
  await eventually(() => expect(platform.isReady()).toBe(true));
  return {
    platform,
    eventually,
    /** The visitor sends files, in one message. */
    send: async (samples: readonly MediaSample[], content = '') => {
      const attachmentIds: string[] = [];
      for (const sample of samples) attachmentIds.push(await bring(sample));
      return conversation.send(actor, { sessionId, content, attachmentIds });
    },
    /** What the visitor has from the team, each file with its bytes. */
    sees: async () => {
      const { messages } = await conversation.messages(actor, { sessionId, limit: 100 });
      const theirs = messages.filter(({ author }) => author.kind === 'operator');
      return Promise.all(
        theirs.map(async ({ content, attachments = [] }) => [
          content,
          ...(await Promise.all(attachments.map(fileOf))),
        ]),
      );
    },
  };
};

type Attachment = NonNullable<Message['attachments']>[number];
