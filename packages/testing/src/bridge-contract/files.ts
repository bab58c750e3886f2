import type { MessageNote, MessageRef, NoteAttachment, Part, PostedRef, ThreadRef } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { failed } from './failed.js';
import { awkwardBytes, PNG, streamOf } from './file-samples.js';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  type FilesContract,
  having,
  lacks,
  opened,
  postCall,
  startedBridge,
} from './fixture.js';
import type { SeenMessage } from './probe.js';
import { card, message, operator } from './samples.js';

/** What a bridge does with the files of a conversation. */
export const describeFiles = (contract: BridgeContract, { posts }: FilesContract): void => {
  describe('files', () => {
    const fixture = startedBridge(contract);

    it('are posted with their bytes, each once, before the words', async () => {
      const thread = await opened(fixture());
      const files = [file('report.pdf', awkwardBytes), file('Rechnung März – 2026.txt', bytes(70_000))];
      await postNote(fixture(), thread, 'Here they are', files);
      const [first, second, words, ...others] = await ours(fixture(), thread);
      expect(first?.file?.bytes).toEqual(files[0]?.content);
      expect(first?.file?.name).toBe('report.pdf');
      expect(second?.file?.bytes).toEqual(files[1]?.content);
      expect(second?.file?.name).toBe('Rechnung März – 2026.txt');
      expect(words?.file).toBeUndefined();
      expect(words?.text).toContain('Here they are');
      expect(others).toEqual([]);
    });

    it('need no words, and then there are none', async () => {
      const thread = await opened(fixture());
      await postNote(fixture(), thread, '', [file('report.pdf')]);
      expect(await ours(fixture(), thread)).toHaveLength(1);
    });

    it('appear as pictures where they are some', async () => {
      const thread = await opened(fixture());
      const pictures = ['image/png', 'image/jpeg', 'image/webp'].map((mimeType) =>
        file('picture', PNG, { mimeType }),
      );
      await postNote(fixture(), thread, '', [...pictures, file('report.pdf')]);
      const seen = await ours(fixture(), thread);
      expect(seen.map((each) => each.file?.picture)).toEqual([true, true, true, false]);
      expect(seen[0]?.file?.bytes).toEqual(PNG);
    });

    it('say who sent them, where it is not the visitor', async () => {
      const thread = await opened(fixture());
      await postNote(fixture(), thread, 'see', [file('report.pdf')], { author: operator });
      const [first] = await ours(fixture(), thread);
      expect(`${first?.heading ?? ''} ${first?.text}`).toContain(operator.name);
    });

    it('leave their posts alone when the words change', () => {
      const { bridge } = fixture();
      const files = [file('report.pdf'), file('second.pdf')];
      const parts = (content: string) => bridge.render(note(content, files), sampleCard(fixture()));
      const filesOf = (all: readonly Part[]) => all.filter((part) => part.file);
      expect(filesOf(parts('changed'))).toEqual(filesOf(parts('first')));
      expect(filesOf(parts(''))).toEqual(parts(''));
    });

    it('may be posted without markup', async () => {
      const thread = await opened(fixture());
      await postNote(fixture(), thread, '', [file('picture.png', PNG, { mimeType: 'image/png' })], {}, true);
      const [seen, ...others] = await ours(fixture(), thread);
      expect(seen?.file?.bytes).toEqual(PNG);
      expect(others).toEqual([]);
    });

    it.each([
      '<b>a</b> & "b"; filename=c.pdf',
      "@everyone's *_`~|<@1>.pdf",
      '..',
      'a\\b/c.pdf',
      '😀'.repeat(60),
    ])('may have any name: %s', async (name) => {
      const { platform } = fixture();
      const thread = await opened(fixture());
      await postNote(fixture(), thread, 'words', [
        file(name, awkwardBytes),
        file(name, awkwardBytes, { size: posts + 1, link: LINK }),
      ]);
      const [seen] = await ours(fixture(), thread);
      expect(seen?.file?.bytes).toEqual(awkwardBytes);
      const live = (await platform.readings()).flatMap((reading) => reading.live);
      expect(live.filter(({ kind }) => kind === 'mention' || kind === 'command')).toEqual([]);
      expect(live.filter(({ kind, address }) => kind === 'link' && address?.includes('everyone'))).toEqual(
        [],
      );
    });

    it.each([
      ['too large', { size: posts + 1 }],
      ['not there', { status: 'failed' }],
    ] as const)('are named, with where to get them, where they are %s', async (_, change) => {
      const thread = await opened(fixture());
      await postNote(fixture(), thread, '', [file('holiday.mov', awkwardBytes, { ...change, link: LINK })]);
      const [seen, ...others] = await ours(fixture(), thread);
      expect(seen?.file).toBeUndefined();
      expect(seen?.text).toContain('holiday.mov');
      expect(seen?.text).toContain(LINK);
      expect(others).toEqual([]);
    });

    it('are posted up to the largest that the platform takes', () => {
      const { bridge } = fixture();
      const [part] = bridge.render(
        note('', [file('a.zip', awkwardBytes, { size: posts })]),
        sampleCard(fixture()),
      );
      expect(part?.file?.name).toBe('a.zip');
    });

    it('have no effect when they cannot be opened, and the reason is passed on', async () => {
      const { bridge } = fixture();
      const thread = await opened(fixture());
      const [part] = rendered(fixture(), thread, '', [file('report.pdf')]);
      const reason = new Error('It was removed');
      const posting = bridge.post(thread, part as Part, postCall({ open: () => Promise.reject(reason) }));
      await expect(posting).rejects.toBe(reason);
      expect(await ours(fixture(), thread)).toEqual([]);
    });

    it('have no effect when they break off', async () => {
      const { bridge } = fixture();
      const thread = await opened(fixture());
      const [part] = rendered(fixture(), thread, '', [file('report.pdf', bytes(200_000))]);
      const open = async () => streamOf(bytes(100_000), new Error('The disk is gone'));
      await expect(bridge.post(thread, part as Part, postCall({ open }))).rejects.toThrow();
      await postNote(fixture(), thread, 'next', []);
      expect((await ours(fixture(), thread)).map((each) => each.file)).toEqual([undefined]);
    });

    it('say for how long to wait, and are opened again for the next attempt', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      const [part] = rendered(fixture(), thread, '', [file('report.pdf')]);
      let times = 0;
      const open = async () => {
        times += 1;
        return streamOf(awkwardBytes);
      };
      const options = postCall({ open });
      await platform.fail({ kind: 'rate_limited', retryAfterMs: 7000 });
      const error = await failed(bridge.post(thread, part as Part, options), 'rate_limited');
      expect(error.retryAfterMs).toBe(7000);
      expect(await ours(fixture(), thread)).toEqual([]);
      await bridge.post(thread, part as Part, options);
      const [seen] = await ours(fixture(), thread);
      expect(seen?.file?.bytes).toEqual(awkwardBytes);
      expect(times).toBe(2);
    });

    it('are uncertain when the answer is lost, and are not posted again by the bridge', async () => {
      const { bridge, platform } = fixture();
      const thread = await opened(fixture());
      const [part] = rendered(fixture(), thread, '', [file('report.pdf')]);
      await platform.fail({ kind: 'uncertain' });
      const { nonce, ...options } = postCall({ open: async () => streamOf(awkwardBytes) });
      await failed(bridge.post(thread, part as Part, { ...options, nonce }), 'uncertain');
      const seen = await ours(fixture(), thread);
      expect(seen).toHaveLength(1);
      if (!bridge.reconcile) return;
      const found = await bridge.reconcile.posted(thread, nonce, call());
      expect(found?.platformId).toBe(seen[0]?.ref.platformId);
    });

    if (!lacks(contract, 'editing')) {
      it('can be removed', async () => {
        const { bridge } = fixture();
        const thread = await opened(fixture());
        const [posted] = await postNote(fixture(), thread, '', [file('report.pdf')]);
        await having(bridge, 'editing').remove(posted as MessageRef, call());
        expect((await ours(fixture(), thread)).filter((each) => each.file)).toEqual([]);
      });
    }
  });
};

interface File {
  readonly content: Uint8Array;
  readonly attachment: NoteAttachment;
}

const LINK = 'https://chat.example/pocketping/files/att_01kfg000000000000000000000';

const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) % 256);

const file = (name: string, content = awkwardBytes, change: Partial<NoteAttachment> = {}): File => ({
  content,
  attachment: {
    id: `att_${name}`,
    name,
    mimeType: 'application/pdf',
    size: content.length,
    status: 'ready',
    ...change,
  },
});

const note = (content: string, files: readonly File[], change: Partial<MessageNote> = {}): MessageNote => ({
  ...message(content),
  ...(files.length > 0 && { attachments: files.map(({ attachment }) => attachment) }),
  ...change,
});

const sampleCard = ({ cards }: BridgeFixture) => [...cards.values()][0] ?? card();

const rendered = (
  { bridge, cards }: BridgeFixture,
  { threadId }: ThreadRef,
  content: string,
  files: readonly File[],
  change: Partial<MessageNote> = {},
): Part[] => bridge.render(note(content, files, change), cards.get(threadId) ?? card());

/** Posts a message with files, part by part. */
const postNote = async (
  fixture: BridgeFixture,
  thread: ThreadRef,
  content: string,
  files: readonly File[],
  change: Partial<MessageNote> = {},
  plain = false,
): Promise<PostedRef[]> => {
  const posted: PostedRef[] = [];
  for (const part of rendered(fixture, thread, content, files, change)) {
    const found = files.find(({ attachment }) => attachment === part.file);
    const open = found && (async () => streamOf(found.content));
    posted.push(await fixture.bridge.post(thread, part, postCall({ plain, ...(open && { open }) })));
  }
  return posted;
};

const ours = async ({ platform }: BridgeFixture, thread: ThreadRef): Promise<SeenMessage[]> =>
  (await platform.messages(thread)).filter((each) => each.ours);
