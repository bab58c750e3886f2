import type { Inbound, InboundEdit, InboundMessage, MessageRef } from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import {
  type BridgeContract,
  type BridgeFixture,
  call,
  conversation,
  said,
  startedBridge,
} from './fixture.js';

export const describeInbound = (contract: BridgeContract): void => {
  describe('what the team does', () => {
    const fixture = startedBridge(contract);
    const confirmed = () =>
      vi.waitFor(async () => expect(await fixture().platform.unconfirmed()).toBe(0), { timeout: 10_000 });

    it('hands over what somebody writes in a thread, once', async () => {
      const { host, platform } = fixture();
      const { thread, first } = await conversation(fixture());
      const before = Date.now();
      const written = await platform.write(thread, 'Hello <b>you</b> & *all* 👋');
      const inbound = (await host.next()) as InboundMessage;
      expect(inbound).toMatchObject({
        kind: 'message',
        ref: { chatId: thread.chatId, threadId: thread.threadId, platformId: written.platformId },
        content: 'Hello <b>you</b> & *all* 👋',
        operator: platform.operator,
      });
      expect(inbound.undeliverable).toBeUndefined();
      expect(inbound.replyTo?.platformId).toBe(first?.platformId);
      expect(Math.abs(inbound.at - before)).toBeLessThan(60_000);
      await confirmed();
      expect(host.received).toHaveLength(1);
    });

    it('keeps the order', async () => {
      const { host, platform } = fixture();
      const { thread: one } = await conversation(fixture());
      const { thread: other } = await conversation(fixture());
      for (const [thread, text] of [
        [one, 'a'],
        [other, 'b'],
        [one, 'c'],
        [one, 'd'],
      ] as const) {
        await platform.write(thread, text);
      }
      const received = [await host.next(), await host.next(), await host.next(), await host.next()];
      expect(received.map((inbound) => (inbound as InboundMessage).content)).toEqual(['a', 'b', 'c', 'd']);
    });

    if (!contract.quotes) {
      it('tells what a message answers', async () => {
        const { host, platform } = fixture();
        const { thread } = await conversation(fixture());
        const [posted] = (await said(fixture(), thread, 'question')) as [MessageRef];
        await platform.write(thread, 'answer', { replyTo: posted });
        const inbound = (await host.next()) as InboundMessage;
        expect(inbound.content).toBe('answer');
        expect(inbound.replyTo).toMatchObject({ chatId: thread.chatId, platformId: posted.platformId });
      });
    }

    it('hands over an edit with a higher version', async () => {
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      const written = await platform.write(thread, 'helo');
      const first = (await host.next()) as InboundMessage;
      await platform.edit(written, 'hello');
      const edit = (await host.next()) as InboundEdit;
      expect(edit).toMatchObject({ kind: 'edit', content: 'hello', operator: platform.operator });
      expect(edit.ref.platformId).toBe(written.platformId);
      expect(edit.command).toBeUndefined();
      expect(edit.version).toBeGreaterThan(first.version);
      expect(Math.abs(edit.sentAt - first.at)).toBeLessThan(2000);
    });

    if (contract.obeys) describeObeyed(fixture);
    else describeCommands(fixture);

    if (contract.mentions) {
      it('takes what begins with a mention of the bot for a command, whether or not there is such a one', async () => {
        const { host, platform } = fixture();
        const { mention = '' } = platform;
        const { thread } = await conversation(fixture());
        // A platform may tell of it more than once.
        const heard = async (kind: Inbound['kind'], { platformId }: MessageRef) => {
          let inbound = await host.next();
          while (inbound.kind !== kind || inbound.ref.platformId !== platformId) inbound = await host.next();
          return inbound;
        };
        for (const [typed, name, args] of [
          [`${mention} note the secret`, 'note', 'the secret'],
          [`\u200b${mention}, Close.`, 'close', ''],
          [mention, 'help', ''],
        ] as const) {
          const written = await platform.write(thread, typed);
          expect(await heard('command', written)).toMatchObject({ name, args });
        }
        const written = await platform.write(thread, 'hello');
        await heard('message', written);
        await platform.edit(written, `${mention} note the other secret`);
        const command = { name: 'note', args: 'the other secret' };
        expect(await heard('edit', written)).toMatchObject({ command });
      });
    }

    it('does not hand over what it posted itself', async () => {
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      await said(fixture(), thread, 'from the website');
      await platform.write(thread, 'from a person');
      expect(await host.next()).toMatchObject({ content: 'from a person' });
      await confirmed();
      expect(host.received).toHaveLength(1);
    });

    it('confirms nothing before it was taken', async () => {
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      host.hesitate();
      await platform.write(thread, 'hello');
      await host.next();
      expect(await platform.unconfirmed()).toBeGreaterThan(0);
      host.accept();
      await confirmed();
      expect(host.received).toHaveLength(1);
    });

    it('hands over again what was refused, and nothing behind it first', async () => {
      const { host, platform } = fixture();
      const { thread } = await conversation(fixture());
      host.refuse();
      await platform.write(thread, 'first');
      expect(await host.next()).toMatchObject({ content: 'first' });
      await platform.write(thread, 'second');
      host.accept();
      const contents = new Set<string>();
      while (!contents.has('second')) contents.add(((await host.next()) as InboundMessage).content);
      expect([...contents]).toEqual(['first', 'second']);
      const firsts = host.received.filter((each) => (each as InboundMessage).content === 'first');
      expect(firsts.length).toBeGreaterThanOrEqual(2);
      await confirmed();
    });

    it('hands over what was said while it was stopped', async () => {
      const { bridge, host, platform, receiver } = fixture();
      const { thread } = await conversation(fixture());
      const before = Date.now() - 1;
      await bridge.stop();
      platform.calls?.connect(undefined);
      await platform.write(thread, 'while you were away');
      expect(host.received).toEqual([]);
      await bridge.start(host);
      platform.calls?.connect(receiver);
      // Some platforms send it by themselves; others have to be asked, as the engine does after every start.
      for await (const missed of bridge.catchUp?.since(before, call()) ?? []) {
        if (missed) await host.receive(missed);
      }
      expect(await host.next()).toMatchObject({ content: 'while you were away' });
    });

    it('stops twice without harm, and before it was started', async () => {
      const { bridge } = fixture();
      await bridge.stop();
      await bridge.stop();
      const fresh = await contract.create();
      await fresh.bridge.stop();
      await fresh.platform.close();
    });
  });
};

/** What is typed as a command comes as one. */
const describeCommands = (fixture: () => BridgeFixture): void => {
  it('hands over a command with what follows it', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, `${bridge.commandPrefix}close  see you `);
    expect(await host.next()).toMatchObject({
      kind: 'command',
      name: 'close',
      args: 'see you',
      operator: platform.operator,
      ref: { chatId: thread.chatId, threadId: thread.threadId, platformId: written.platformId },
    });
  });

  it.each(['größe 3', 'переслать', '1refund', 'close-up'])(
    'takes %j after the prefix for a command, whether or not there is such a one',
    async (typed) => {
      const { bridge, host, platform } = fixture();
      const { thread } = await conversation(fixture());
      await platform.write(thread, `${bridge.commandPrefix}${typed}`);
      const [name, args = ''] = typed.split(' ');
      expect(await host.next()).toMatchObject({ kind: 'command', name, args });
    },
  );

  it('takes a command for one although the finger slipped on its prefix, so that no visitor reads it', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    const { commandPrefix: prefix } = bridge;
    for (const typed of [`${prefix}${prefix}close`, `${prefix} close`, `${prefix} ${prefix} CLOSE`]) {
      await platform.write(thread, `${typed} see you`);
      expect(await host.next()).toMatchObject({ kind: 'command', name: 'close', args: 'see you' });
    }
  });

  it('takes a command for one whatever nobody sees stands around its prefix', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    await platform.write(thread, `\u200b${bridge.commandPrefix}\u2060close see you`);
    expect(await host.next()).toMatchObject({ kind: 'command', name: 'close', args: 'see you' });
  });

  it('hands over what a message that is edited to a command asks for', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, `${bridge.commandPrefix}note alpha`);
    await host.next();
    await platform.edit(written, `${bridge.commandPrefix}note  beta & co `);
    // A platform may tell of the command more than once.
    let edit = await host.next();
    while (edit.kind === 'command') edit = await host.next();
    expect(edit).toMatchObject({ kind: 'edit', command: { name: 'note', args: 'beta & co' } });
    expect(edit.ref.platformId).toBe(written.platformId);
  });
};

/** What is typed as a command was obeyed there, and comes as what follows from it. */
const describeObeyed = (fixture: () => BridgeFixture): void => {
  it('hands over what follows from a command, as one that nobody typed', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    await platform.write(thread, `${bridge.commandPrefix}close  see you `);
    const closed = await host.next();
    expect(closed).toMatchObject({
      kind: 'command',
      name: 'close',
      args: '',
      implied: true,
      operator: platform.operator,
    });
    expect(closed.ref).toMatchObject(thread);
  });

  it('hands over a private note as one, whatever becomes of it', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    const written = await platform.write(thread, `${bridge.commandPrefix}note alpha`);
    const ref = { ...thread, platformId: written.platformId };
    const note = { kind: 'command', name: 'note', args: 'alpha', implied: true, ref };
    expect(await host.next()).toMatchObject(note);
    await platform.edit(written, `${bridge.commandPrefix}note  beta & co `);
    const command = { name: 'note', args: 'beta & co' };
    expect(await host.next()).toMatchObject({ kind: 'edit', command, ref });
  });

  it('hands over nothing of a command that is answered there', async () => {
    const { bridge, host, platform } = fixture();
    const { thread } = await conversation(fixture());
    await platform.write(thread, `${bridge.commandPrefix}help`);
    await platform.write(thread, 'hello');
    expect(await host.next()).toMatchObject({ kind: 'message', content: 'hello' });
  });
};
