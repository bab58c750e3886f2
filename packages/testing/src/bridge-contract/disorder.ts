import { type Bridge, MemoryStorage, PocketPing, type WebhookRequest } from '@pocketping/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordingLogger } from '../logger.js';
import type { BridgeContract } from './fixture.js';
import type { PlatformCalls, PlatformDisorder, PlatformProbe } from './probe.js';

const patiently = <T>(holds: () => Promise<T>): Promise<T> => vi.waitFor(holds, { timeout: 10_000 });

/** What the platform tells again, all at once, or in another order. */
export const describeDisorder = (contract: BridgeContract): void => {
  describe('what comes again or out of order', () => {
    let world: World;
    beforeEach(async () => {
      world = await openWorld(contract);
    });
    afterEach(() => world.close());

    it('twenty times at once is said once', async () => {
      world.disorder.deliverTimes(20);
      await world.write('twenty times');
      await world.arrival('twenty times');
      await world.write('and on');
      await world.arrival('and on');
      expect(await world.hears()).toEqual(['twenty times', 'and on']);
    });

    it('after it was edited does not bring back what it was', async () => {
      const written = await world.write('helo');
      await world.arrival('helo');
      await world.platform.edit(written, 'hello');
      await world.arrival('hello');
      const before = await world.log();
      await world.disorder.replay();
      await world.confirmed();
      expect(await world.log()).toEqual(before);
      await world.write('and on');
      await world.arrival('and on');
      expect(await world.hears()).toEqual(['hello', 'and on']);
    });

    it('as a command is obeyed once', async () => {
      world.disorder.deliverTimes(20);
      await world.write(`${world.bridge.commandPrefix}note for the team`);
      await patiently(async () => expect(await world.notes()).toEqual(['for the team']));
      await world.disorder.replay();
      await world.confirmed();
      await world.write('and on');
      await world.arrival('and on');
      expect(await world.notes()).toEqual(['for the team']);
    });

    if (contract.overtaking) {
      it('as an edit before its message is said once, as it was edited', async () => {
        world.disorder.reverse(2);
        await world.platform.edit(await world.write('helo'), 'hello');
        await world.arrival('hello');
        await world.confirmed();
        await world.write('and on');
        await world.arrival('and on');
        expect(await world.hears()).toEqual(['hello', 'and on']);
      });
    }

    if (contract.overtaking === 'deletions too') {
      it('as a deletion before its message stays unsaid', async () => {
        const before = await world.log();
        world.disorder.reverse(2);
        await world.platform.remove(await world.write('never mind'));
        await world.confirmed();
        expect(await world.log()).toEqual(before);
        await world.write('and on');
        await world.arrival('and on');
        expect(await world.hears()).toEqual(['and on']);
      });
    }

    if (contract.webhook) {
      it('twenty times at once, to two nodes, is said once', async () => {
        const calls = world.platform.calls as PlatformCalls;
        calls.connect(undefined);
        const before = calls.requests().length;
        await world.write('to two nodes');
        await patiently(async () => expect(calls.requests().length).toBeGreaterThan(before));
        const request = calls.requests()[before] as WebhookRequest;
        const other = await world.otherNode();
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, at) =>
            (at % 2 === 0 ? world.pp : other).webhook(world.bridge.name, request),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
        expect(await world.hears()).toEqual(['to two nodes']);
      });
    }
  });
};

type World = Awaited<ReturnType<typeof openWorld>>;

/** An engine with the bridge, and a visitor whose first words stand in a thread. */
const openWorld = async ({ create }: BridgeContract) => {
  const { bridge, platform } = await create();
  const storage = new MemoryStorage();
  const engines: PocketPing[] = [];
  const node = async (its: Bridge) => {
    const pp = new PocketPing({ storage, bridge: its, logger: recordingLogger() });
    engines.push(pp);
    await pp.start();
    return pp;
  };
  const pp = await node(bridge);
  platform.calls?.connect((request) => pp.webhook(bridge.name, request));
  const { session, token } = await pp.conversation.connect({ visitorId: 'anna' }, {});
  const actor = await pp.conversation.authenticate(token as string);
  await pp.conversation.send(actor, { sessionId: session.id, content: 'Is anybody there?' });
  const thread = await patiently(async () => {
    const link = await storage.thread({ bridge: bridge.name, sessionId: session.id });
    if (!link) throw new Error('The conversation has no thread');
    const texts = (await platform.messages(link)).map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining('Is anybody there?'));
    return link;
  });
  const hears = async () =>
    (await pp.getMessages(session.id))
      .filter(({ sender }) => sender === 'operator')
      .map(({ content }) => content);
  return {
    ...{ bridge, platform, pp, hears },
    disorder: disorderOf(platform),
    write: (text: string) => platform.write(thread, text),
    arrival: (text: string) => patiently(async () => expect(await hears()).toContain(text)),
    confirmed: () => patiently(async () => expect(await platform.unconfirmed()).toBe(0)),
    notes: async () =>
      (await pp.getMessages(session.id, { notes: true })).flatMap(({ isNote, content }) =>
        isNote ? [content] : [],
      ),
    // Without what was received and read: of what the visitor wrote that may be noted at any time.
    log: async () =>
      (await storage.events(session.id, { after: 0, limit: 1000 })).filter(
        ({ event }) => event.type !== 'read',
      ),
    otherNode: () => node((platform.calls as PlatformCalls).otherNode()),
    close: async () => {
      await Promise.all(engines.map((each) => each.stop()));
      await platform.close();
    },
  };
};

const disorderOf = ({ disorder }: PlatformProbe): PlatformDisorder => {
  if (!disorder) throw new Error('The platform of a bridge that hears needs `disorder` in its probe');
  return disorder;
};
