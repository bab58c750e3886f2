import type { Note, Part } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { begin } from './house.js';

/** A bridge that is at a loss with every note in which a word occurs, for as long as it does not know it. */
class Baffled extends FakeBridge {
  word = 'cursed';

  override render(note: Note): Part[] {
    if (JSON.stringify(note).includes(this.word)) throw new TypeError('the note is beyond me');
    return super.render(note);
  }
}

const baffled = async (options: ConstructorParameters<typeof FakeBridge>[1] = {}) => {
  const started = await begin(new Baffled('fake', options));
  const letters = async () => (await started.pp.listDeadLetters()).map(({ messageId }) => messageId);
  const bridge = started.bridge as Baffled;
  return { ...started, bridge, letters };
};

const NOTICE = 'notice A message of the visitor could not be shown here: fake cannot render it: the note is';

describe('a message that a bridge cannot render', () => {
  it('is a dead letter that the team is told of, and what comes after it goes on', async () => {
    const { bridge, say, clock, pp, logger, letters, sessionId } = await baffled({ length: 300 });
    await say('before');
    const { id } = await say('cursed');
    await say('after');
    await clock.advance(0);
    expect(bridge.shown()).toEqual([
      'card vis_one',
      'before',
      `${NOTICE} beyond me. It is kept as ${id}.`,
      'after',
    ]);
    expect(await letters()).toEqual([id]);
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({
        fields: expect.objectContaining({ bridge: 'fake', sessionId, messageId: id }),
        message: 'the bridge cannot render a message; it is kept as a dead letter',
      }),
    ]);
    expect(await pp.health()).toMatchObject({ status: 'ok', bridges: [{ backlog: 0 }] });
  });

  it('is posted when it is tried again with a bridge that can', async () => {
    const { bridge, say, clock, pp, letters } = await baffled({ length: 300 });
    const { id: messageId } = await say('cursed');
    await clock.advance(0);
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(0);
    expect(await letters()).toEqual([messageId]);
    bridge.word = 'unheard of';
    await pp.retryDeadLetter({ bridge: 'fake', messageId });
    await clock.advance(0);
    expect(bridge.shown().at(-1)).toBe('cursed');
    expect(await letters()).toEqual([]);
  });

  it('is the only one of a backlog that is missing', async () => {
    const { bridge, say, clock, letters } = await baffled({ length: 300 });
    await say('first');
    await clock.advance(0);
    bridge.word = 'said 6';
    for (let n = 1; n <= 9; n++) await say(`said ${n}`);
    await clock.advance(60_000);
    const seen = bridge.shown().join(' ');
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].filter((n) => seen.includes(`said ${n}`))).toEqual([
      1, 2, 3, 4, 5, 7, 8, 9,
    ]);
    expect(await letters()).toHaveLength(1);
  });

  it('is the only one of what one post would have shown', async () => {
    const { bridge, say, clock, letters } = await baffled({
      length: 300,
      pacing: { chat: { calls: 1, perMs: 1000 } },
    });
    for (const content of ['one', 'two', 'cursed', 'four', 'five']) await say(content);
    await clock.advance(60_000);
    const seen = bridge.shown().join(' + ').split(' + ');
    expect(seen.filter((text) => ['one', 'two', 'cursed', 'four', 'five'].includes(text))).toEqual([
      'one',
      'two',
      'four',
      'five',
    ]);
    expect(await letters()).toHaveLength(1);
  });

  it.each([true, false])(
    'is, as what it was edited to, a dead letter too (posts can be edited: %s)',
    async (editing) => {
      const { bridge, say, clock, pp, actor, sessionId, letters } = await baffled({ length: 300, editing });
      const { id: messageId } = await say('harmless');
      await clock.advance(0);
      await pp.conversation.edit(actor, { sessionId, messageId, content: 'cursed' });
      await say('after');
      await clock.advance(0);
      expect(bridge.shown()).toContain('harmless');
      expect(bridge.shown().at(-1)).toBe('after');
      expect(await letters()).toEqual([messageId]);
      await pp.conversation.edit(actor, { sessionId, messageId, content: 'blessed' });
      await clock.advance(0);
      expect(bridge.shown().filter((text) => text === 'blessed')).toHaveLength(1);
      expect(await letters()).toEqual([]);
    },
  );

  it('holds nothing up where the team cannot be told of it either', async () => {
    const { bridge, say, clock, letters } = await baffled();
    await say('before');
    await clock.advance(0);
    bridge.render = (note) => {
      if (note.kind === 'notice' || JSON.stringify(note).includes('cursed')) throw new Error('no');
      return FakeBridge.prototype.render.call(bridge, note);
    };
    const { id } = await say('cursed');
    await clock.advance(0);
    await say('after');
    await clock.advance(0);
    expect(bridge.shown().at(-1)).toBe('after');
    expect(await letters()).toEqual([id]);
  });
});

describe('a note that a bridge cannot render', () => {
  it.each<[string, (started: Awaited<ReturnType<typeof baffled>>) => Promise<unknown>]>([
    ['who the visitor is', ({ pp, sessionId }) => pp.identify(sessionId, { name: 'cursed' })],
    [
      'a custom event',
      ({ pp, actor, sessionId }) => pp.conversation.trigger(actor, { sessionId, name: 'cursed' }),
    ],
    [
      'that the conversation was closed',
      ({ bridge, pp, sessionId }) => {
        bridge.word = 'closed';
        return pp.closeSession(sessionId);
      },
    ],
  ])('is left out: %s', async (_, happens) => {
    const started = await baffled();
    const { bridge, say, clock, logger, pp } = started;
    await say('before');
    await clock.advance(0);
    await happens(started);
    await clock.advance(0);
    await say('after');
    await clock.advance(0);
    expect(bridge.shown().at(-1)).toBe('after');
    expect(logger.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'the bridge cannot render a note; going on without it',
      }),
    );
    expect((await pp.health()).status).toBe('ok');
  });

  it('is left out: the card of a new thread', async () => {
    const { bridge, say, clock } = await baffled();
    bridge.word = '"kind":"card"';
    await say('hello');
    await clock.advance(0);
    expect(bridge.shown()).toEqual(['hello']);
  });
});

describe('a conversation whose delivery fails again and again', () => {
  it('is counted in the health of its bridge until it gets through', async () => {
    const { bridge, say, clock, pp } = await begin();
    await say('hello');
    await clock.advance(0);
    const fault = new Error('a bug of the bridge');
    bridge.fail('post', fault, fault, fault);
    await say('stuck');
    await clock.advance(2500);
    expect(await pp.health()).toMatchObject({ status: 'ok' });
    await clock.advance(1000);
    expect(await pp.health()).toEqual({
      status: 'degraded',
      bridges: [{ name: 'fake', state: 'up', backlog: 1, failing: 1 }],
    });
    await clock.advance(10_000);
    expect(bridge.shown().at(-1)).toBe('stuck');
    expect(await pp.health()).toEqual({
      status: 'ok',
      bridges: [{ name: 'fake', state: 'up', backlog: 0 }],
    });
  });
});
