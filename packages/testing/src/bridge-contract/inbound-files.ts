import type { Bridge, InboundEdit, InboundFile, InboundMessage, MessageRef, Part } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { failed } from './failed.js';
import { awkwardBytes, bytesIn, PNG, streamOf } from './file-samples.js';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  conversation,
  type FilesContract,
  opened,
  postCall,
  startedBridge,
} from './fixture.js';
import type { PlatformFiles, SentFile } from './probe.js';
import { card, message } from './samples.js';

/** What a bridge does with the files that the team sends. */
export const describeInboundFiles = (contract: BridgeContract, { fetches, gone }: FilesContract): void => {
  describe('files of the team', () => {
    const fixture = startedBridge(contract);

    it.each([
      ['a document', document],
      ['a picture', { name: 'picture.png', mimeType: 'image/png', bytes: PNG }],
    ])('are handed over with what is said of them, and fetched as they are: %s', async (_, file) => {
      const { bridge, host } = fixture();
      const { thread } = await conversation(fixture());
      const sent = await peopleOf(fixture()).send(thread, file, 'Here <b>you</b> are');
      const inbound = (await host.next()) as InboundMessage;
      expect(inbound).toMatchObject({
        kind: 'message',
        content: 'Here <b>you</b> are',
        ref: { chatId: thread.chatId, threadId: thread.threadId, platformId: sent.platformId },
      });
      expect(inbound.undeliverable).toBeUndefined();
      expect(inbound.files).toHaveLength(1);
      const [told] = inbound.files as [InboundFile];
      if (told.size !== undefined) expect(told.size).toBe(file.bytes.length);
      expect(told.mimeType ?? file.mimeType).toMatch(/^(?:application\/pdf|image\/)/);
      for (const _time of ['first', 'again']) expect(await fetched(bridge, told.ref)).toEqual(file.bytes);
    });

    it('keep the name that they have', async () => {
      const { host } = fixture();
      const { thread } = await conversation(fixture());
      await peopleOf(fixture()).send(thread, document);
      expect(((await host.next()) as InboundMessage).files?.[0]?.name).toBe(document.name);
    });

    it('need no words', async () => {
      const { host } = fixture();
      const { thread } = await conversation(fixture());
      await peopleOf(fixture()).send(thread, document);
      expect(await host.next()).toMatchObject({ kind: 'message', content: '' });
    });

    it('have words that can be edited', async () => {
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      const sent = await peopleOf(fixture()).send(thread, document, 'helo');
      const first = (await host.next()) as InboundMessage;
      await platform.edit(sent, 'hello');
      const edit = (await host.next()) as InboundEdit;
      expect(edit).toMatchObject({ kind: 'edit', content: 'hello', ref: { platformId: sent.platformId } });
      expect(edit.version).toBeGreaterThan(first.version);
      expect(edit.undeliverable).toBeUndefined();
    });

    it('are answered like words', async () => {
      const { bridge, host, platform, cards } = fixture();
      const thread = await opened(fixture());
      const attachment = {
        id: 'att_1',
        name: document.name,
        mimeType: document.mimeType,
        size: document.bytes.length,
        status: 'ready',
      } as const;
      const note = { ...message(''), attachments: [attachment] };
      const [part] = bridge.render(note, cards.get(thread.threadId) ?? card());
      const open = async () => streamOf(document.bytes);
      const posted = await bridge.post(thread, part as Part, postCall({ open }));
      await platform.write(thread, 'Thank you', contract.quotes ? {} : { replyTo: posted as MessageRef });
      const inbound = (await host.next()) as InboundMessage;
      expect(inbound).toMatchObject({ content: 'Thank you', ref: { threadId: thread.threadId } });
      if (!contract.quotes) expect(inbound.replyTo?.platformId).toBe(posted.platformId);
    });

    it('that are not there are gone', async () => {
      const error = await failed(fetched(fixture().bridge, gone), 'message_gone');
      expect(error.message.length).toBeGreaterThan(10);
    });

    it('are not fetched once the signal is aborted', async () => {
      const { bridge, host } = fixture();
      const { thread } = await conversation(fixture());
      await peopleOf(fixture()).send(thread, document);
      const [told] = ((await host.next()) as InboundMessage).files as [InboundFile];
      await failed(filesOf(bridge).fetch(told.ref, { signal: AbortSignal.abort() }), 'unavailable');
    });

    if (fetches !== undefined) {
      it('that are too large are refused in words that a person understands', async () => {
        const { bridge, host } = fixture();
        const { thread } = await conversation(fixture());
        await peopleOf(fixture()).send(thread, { ...document, bytes: new Uint8Array(fetches + 1) });
        const [told] = ((await host.next()) as InboundMessage).files as [InboundFile];
        const error = await failed(fetched(bridge, told.ref), 'invalid');
        expect(error.message).toMatch(/\d+ MB/);
      });
    }
  });
};

const document: SentFile = { name: 'report.pdf', mimeType: 'application/pdf', bytes: awkwardBytes };

const peopleOf = ({ platform }: BridgeFixture): PlatformFiles => {
  if (!platform.files) throw new Error('The probe has no `files`, although the contract names some');
  return platform.files;
};

const filesOf = (bridge: Bridge): NonNullable<Bridge['files']> => {
  if (!bridge.files) throw new Error('The bridge has no `files`, although its contract says so');
  return bridge.files;
};

const fetched = async (bridge: Bridge, ref: string): Promise<Uint8Array> =>
  bytesIn(await filesOf(bridge).fetch(ref, call()));
