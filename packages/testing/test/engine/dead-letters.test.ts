import { describe, expect, it } from 'vitest';
import { begin, refusal } from './house.js';

/** A conversation with a message that the platform refuses in every form. */
const refused = async () => {
  const started = await begin();
  const { bridge, say, clock } = started;
  await say('before');
  await clock.advance(0);
  bridge.fail('post', refusal('invalid'), refusal('invalid'));
  const { id: messageId } = await say('cursed');
  await clock.advance(0);
  bridge.posts.splice(2);
  await say('after');
  await clock.advance(0);
  const listed = async () => (await started.pp.listDeadLetters()).map((letter) => letter.messageId);
  return { ...started, messageId, listed };
};

describe('a dead letter', () => {
  it('is listed with what the platform said', async () => {
    const { pp, messageId, sessionId, clock } = await refused();
    expect(await pp.listDeadLetters()).toEqual([
      { bridge: 'fake', messageId, sessionId, error: 'it is invalid', at: new Date(clock.now()) },
    ]);
  });

  it('is listed page by page', async () => {
    const { bridge, say, clock, pp, messageId } = await refused();
    bridge.fail('post', refusal('invalid'), refusal('invalid'));
    // Only ids of different milliseconds are in order.
    await clock.advance(1);
    const { id } = await say('cursed too');
    await clock.advance(0);
    const first = await pp.listDeadLetters({ limit: 1 });
    expect(first).toMatchObject([{ messageId }]);
    expect(await pp.listDeadLetters({ limit: 1, after: first[0] })).toMatchObject([{ messageId: id }]);
    expect(await pp.listDeadLetters({ after: { bridge: 'fake', messageId: id } })).toEqual([]);
    for (const limit of [0, 1.5, 1001, Number.NaN]) {
      await expect(pp.listDeadLetters({ limit })).rejects.toMatchObject({ code: 'validation_failed' });
    }
  });

  it('is posted when somebody has it tried again, and then it is none any more', async () => {
    const { pp, messageId, bridge, clock, listed } = await refused();
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['card vis_one', 'before', 'after', 'cursed']);
    expect(await listed()).toEqual([]);
    await expect(pp.retryDeadLetter({ bridge: 'fake', messageId })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('listDeadLetters()'),
    });
  });

  it('stays one when it is refused again', async () => {
    const { pp, messageId, bridge, clock, listed, say } = await refused();
    bridge.fail('post', refusal('invalid'), refusal('invalid'));
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await say('goes on');
    await clock.advance(0);
    expect(bridge.shown().at(-1)).toBe('goes on');
    expect(await listed()).toEqual([messageId]);
  });

  it('is there or posted, wherever the node dies while it is tried again', async () => {
    const { pp, messageId, bridge, clock, storage, listed } = await refused();
    const { commit } = storage;
    let left = 2;
    storage.commit = (write) => {
      const recorded = write.links?.length || write.state?.length;
      if (recorded && left-- > 0) return Promise.reject(new Error('the disk is full'));
      return commit.call(storage, write);
    };
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(60_000);
    expect(bridge.shown().filter((text) => text === 'cursed')).toHaveLength(1);
    expect(await listed()).toEqual([]);
  });

  it('is posted with its new text when it is edited, and forgotten when it is deleted', async () => {
    const first = await refused();
    const { sessionId, messageId } = first;
    await first.pp.conversation.edit(first.actor, { sessionId, messageId, content: 'harmless' });
    await first.clock.advance(0);
    expect(first.bridge.shown().at(-1)).toBe('harmless');
    expect(await first.listed()).toEqual([]);

    const second = await refused();
    await second.pp.conversation.remove(second.actor, {
      sessionId: second.sessionId,
      messageId: second.messageId,
    });
    await second.clock.advance(0);
    expect(await second.listed()).toEqual([]);
    await expect(
      second.pp.retryDeadLetter({ bridge: 'fake', messageId: second.messageId }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is none any more once an edit has healed the part that was refused, and cannot outlive its message', async () => {
    const { pp, bridge, clock, say, actor, sessionId } = await begin();
    const post = bridge.post.bind(bridge);
    bridge.post = (thread, part, call) =>
      part.plain.startsWith('cursed') ? Promise.reject(refusal('invalid')) : post(thread, part, call);
    const begins = '1'.repeat(100);
    const { id: messageId } = await say(`${begins}cursed`);
    await clock.advance(0);
    expect(await pp.listDeadLetters()).toHaveLength(1);
    await pp.conversation.edit(actor, { sessionId, messageId, content: `${begins}fine` });
    await clock.advance(0);
    expect(bridge.shown().filter((text) => text === 'fine')).toHaveLength(1);
    expect(await pp.listDeadLetters()).toEqual([]);

    const { id } = await say(`${begins}cursed`);
    await clock.advance(0);
    expect(await pp.listDeadLetters()).toHaveLength(1);
    await pp.conversation.remove(actor, { sessionId, messageId: id });
    await clock.advance(0);
    expect(await pp.listDeadLetters()).toEqual([]);
  });

  it('of a bridge that is not there cannot be tried again', async () => {
    const { pp, messageId } = await refused();
    await expect(pp.retryDeadLetter({ bridge: 'other', messageId })).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no bridge other here. There is: fake.',
    });
  });

  it('reaches no visitor', async () => {
    const { pp, messageId, actor, sessionId, clock } = await refused();
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(0);
    const { entries } = await pp.conversation.events(
      actor,
      { sessionId, after: 0, wait: 0, limit: 100 },
      new AbortController().signal,
    );
    expect(entries.map(({ event }) => event.type)).not.toContain('message_retried');
  });
});
