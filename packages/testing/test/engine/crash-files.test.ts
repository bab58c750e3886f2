import { type Bridge, MemoryFileStore, MemoryStorage, PocketPing } from '@pocketping/core';
import { expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';
import { visitor } from './house.js';

const BYTES = new TextEncoder().encode('Some words in a file.');
const HOUR_MS = 60 * 60_000;

/** Calls that never return once there were so many of them: the process that made them has died. */
class Mortal {
  calls = 0;
  armed = false;

  constructor(private readonly dieAt: number) {}

  /** The same, in the hands of whoever dies. @param names what of it is a step; everything without */
  hands<T extends object>(target: T, names?: readonly string[]): T {
    return new Proxy(target, {
      get: (real, key) => {
        const value = Reflect.get(real, key, real);
        if (key === 'tasks' || key === 'lease' || key === 'files') return this.hands(value as object);
        if (typeof value !== 'function') return value;
        const call = value.bind(real);
        if (names && !names.includes(String(key))) return call;
        return async (...args: unknown[]) => {
          await this.#step();
          const result = await call(...args);
          await this.#step();
          return result;
        };
      },
    });
  }

  async #step(): Promise<void> {
    if (this.armed) this.calls++;
    if (this.calls >= this.dieAt) await new Promise<never>(() => {});
  }
}

const started = async (pp: PocketPing, clock: VirtualClock): Promise<PocketPing> => {
  const starting = pp.start();
  await clock.advance(0);
  await starting;
  return pp;
};

/** A visitor and the team send each other a file; the node that has the bridge dies after so many calls, and another goes on. */
const scenario = async (dieAt: number) => {
  const clock = virtualClock();
  const storage = new MemoryStorage({ clock });
  const files = new MemoryFileStore();
  const bridge = new FakeBridge();
  const mortal = new Mortal(dieAt);
  const dying: Bridge = mortal.hands(bridge, ['open', 'post']);
  const logger = recordingLogger();
  await started(
    new PocketPing({
      clock,
      logger,
      storage: mortal.hands(storage),
      files: mortal.hands(files),
      bridge: dying,
    }),
    clock,
  );
  const pp = await started(new PocketPing({ clock, logger, storage, files, bridge }), clock);
  const { actor, sessionId } = await visitor({ pp });
  mortal.armed = true;
  const { attachmentId } = await pp.conversation.announce(actor, {
    sessionId,
    name: 'a.txt',
    size: BYTES.length,
  });
  await pp.conversation.takeBytes(actor, attachmentId, () => new Blob([BYTES]).stream());
  await pp.conversation.send(actor, { sessionId, content: 'mine', attachmentIds: [attachmentId] });
  await clock.advance(1000);
  bridge.sent.set('theirs', BYTES);
  const type = () =>
    bridge.type('yours', {
      id: 'in-1',
      thread: bridge.newestThread ?? '',
      files: [{ ref: 'theirs', name: 'b.txt' }],
    });
  void type();
  await clock.advance(5 * 60_000);
  // The platform was not told that it arrived, and tells it again.
  await type();
  await clock.advance(HOUR_MS + 60_000);
  const messages = await pp.getMessages(sessionId);
  const stopping = pp.stop();
  await clock.advance(0);
  await stopping;
  const posted = bridge.posts.filter(({ file }) => file);
  return { calls: mortal.calls, messages, posted, kept: files.ids.length };
};

it('a file reaches the other side, wherever the node that works on it dies, and nothing is left over', async () => {
  const { calls } = await scenario(Number.POSITIVE_INFINITY);
  expect(calls).toBeGreaterThan(30);
  for (let step = 1; step <= Math.min(calls, 150); step++) {
    const { messages, posted, kept } = await scenario(step);
    const states = messages.map(({ content, attachments = [] }) => [
      content,
      attachments[0]?.status,
      attachments.length,
    ]);
    expect([step, states]).toEqual([
      step,
      [
        ['mine', 'ready', 1],
        ['yours', 'ready', 1],
      ],
    ]);
    expect([step, posted.length >= 1 && posted.length <= 2]).toEqual([step, true]);
    expect([step, posted.every(({ file }) => file?.bytes.length === BYTES.length)]).toEqual([step, true]);
    expect([step, kept]).toEqual([step, 2]);
  }
}, 60_000);
