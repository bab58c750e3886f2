import { LiftedStorage, type MessageLink, type Storage, type WriteSet } from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { beginning, committed, newcomer, sending } from '../../src/storage-contract/story.js';
import { Notebook } from './notebook.js';

/** A session with a message, and what its records say. */
const written = async (notebook = new Notebook(), storage: Storage = notebook) => {
  const clock = virtualClock();
  const lifted = new LiftedStorage(storage, { clock, logger: recordingLogger() });
  const begun = newcomer();
  const { sessionId } = begun;
  committed(await lifted.commit(beginning(begun, clock.now())));
  const { id: messageId } = committed(await lifted.commit(sending(begun, clock.now()))).messages[0] ?? {
    id: '',
  };
  const commit = async (write: Omit<WriteSet, 'at'>) =>
    committed(await lifted.commit({ at: clock.now(), ...write }));
  const link = (platformId: string, change: Partial<MessageLink> = {}): MessageLink => ({
    bridge: 'b',
    chatId: 'c',
    platformId,
    threadId: 't',
    sessionId,
    messageId,
    part: 0,
    direction: 'out',
    version: 1,
    ...change,
  });
  const links = () => {
    const { state } = JSON.parse(notebook.messages.get(sessionId)?.get(messageId) ?? '{}');
    return (JSON.parse(state).about.links as MessageLink[]).map(
      ({ bridge, chatId, platformId, part, version }) =>
        `${bridge}/${chatId}/${platformId}/${part} v${version}`,
    );
  };
  return { notebook, clock, lifted, begun, sessionId, messageId, commit, link, links };
};

describe('where a message stands, in its record', () => {
  it('is each post once, as it was last written', async () => {
    const { commit, link, links } = await written();
    await commit({ links: [link('1')] });
    await commit({ links: [link('1', { version: 2 }), link('2', { part: 1 })] });
    expect(links()).toEqual(['b/c/1/0 v2', 'b/c/2/1 v1']);
    // Two parts of it may be one post.
    await commit({ links: [link('1', { part: 1 })] });
    expect(links()).toEqual(['b/c/1/0 v2', 'b/c/2/1 v1', 'b/c/1/1 v1']);
  });

  it('is no post that is gone, and still those of the same number elsewhere', async () => {
    const { commit, link, links } = await written();
    await commit({ links: [link('1'), link('1', { chatId: 'd' }), link('1', { bridge: 'a' }), link('2')] });
    await commit({ unlink: [{ bridge: 'b', chatId: 'c', platformId: '1' }] });
    expect(links()).toEqual(['b/d/1/0 v1', 'a/c/1/0 v1', 'b/c/2/0 v1']);
  });
});

describe('what a commit hands over', () => {
  it('has every message of it in order, though they are of one instant', async () => {
    const { notebook, lifted, begun, clock, sessionId } = await written();
    const [one, two] = [sending(begun, clock.now()), sending(begun, clock.now())];
    committed(
      await lifted.commit({
        ...one,
        insert: [...one.insert, ...two.insert],
        events: [...one.events, ...two.events],
      }),
    );
    const kept = (await notebook.getMessages(sessionId)) as { createdAt: string }[];
    const instants = kept.map(({ createdAt }) => Date.parse(createdAt) - clock.now());
    expect(instants).toEqual([0, 1, 2]);
  });

  it('is no note, nor where one stands, for a storage that keeps none', async () => {
    const notebook = new Notebook();
    Object.defineProperty(notebook, 'saveNote', { value: undefined });
    const updateMessage = vi.spyOn(notebook, 'updateMessage');
    const { lifted, begun, clock, commit, link } = await written(notebook);
    const note = sending(begun, clock.now(), { audience: 'team', content: 'a regular' });
    committed(await lifted.commit(note));
    await commit({ links: [link('9', { messageId: note.insert[0].id })] });
    expect(updateMessage).not.toHaveBeenCalled();
    await commit({ links: [link('8')] });
    expect(updateMessage).toHaveBeenCalledTimes(1);
  });

  it('is a deletion once, and of a message that is gone nothing more', async () => {
    const notebook = new Notebook();
    const deleteMessage = vi.fn();
    const updateMessage = vi.spyOn(notebook, 'updateMessage');
    Object.assign(notebook, { deleteMessage });
    const { commit, link, messageId, sessionId, begun, clock } = await written(notebook);
    await commit({
      session: { id: sessionId },
      update: [{ id: messageId, patch: { deletedAt: clock.now() } }],
      events: [{ type: 'message_deleted', messageId, actor: begun.visitor }],
    });
    await commit({ links: [link('1')] });
    expect(deleteMessage.mock.calls).toEqual([[sessionId, messageId]]);
    expect(updateMessage).not.toHaveBeenCalled();
  });

  it('is the session first and then its messages: what a failure leaves of it means nothing', async () => {
    const notebook = new Notebook();
    const order: string[] = [];
    for (const method of ['updateSession', 'saveMessage'] as const)
      vi.spyOn(notebook, method).mockImplementation(async () => void order.push(method));
    const { lifted, begun, clock } = await written(notebook);
    committed(await lifted.commit(sending(begun, clock.now())));
    expect(order).toEqual(['updateSession', 'saveMessage', 'updateSession', 'saveMessage']);
  });

  it('is a message as the commit leaves it, with the newest of its changes', async () => {
    const { notebook, commit, link, messageId, sessionId, begun } = await written();
    const edited = { type: 'message_edited', messageId, actor: begun.visitor } as const;
    await commit({
      session: { id: sessionId },
      update: [{ id: messageId, patch: { content: 'changed' } }],
      events: [edited, edited],
      links: [link('1')],
    });
    const record = JSON.parse(notebook.messages.get(sessionId)?.get(messageId) ?? '{}');
    expect(record.content).toBe('changed');
    expect(JSON.parse(record.state).about).toMatchObject({
      changed: { seq: 4, type: 'message_edited' },
      links: [{ platformId: '1' }],
    });
  });
});
