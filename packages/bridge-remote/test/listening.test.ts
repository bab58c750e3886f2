import type { Inbound } from '@pocketping/core';
import type { TeamEvent } from '@pocketping/protocol';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { recordingHost } from './host.js';
import { call } from './samples.js';
import { eventStream, refused, scripted } from './scripted.js';
import { attends, deletes, does, says, types } from './team.js';

/** A started bridge, and the stream that it listens to. */
const listening = async () => {
  const scene = scripted();
  const host = recordingHost();
  const stream = eventStream();
  stream.ping(10, host.clock.now());
  scene.answer(stream.answer);
  await scene.bridge.start(host);
  onTestFinished(() => scene.bridge.stop());
  return { ...scene, host, stream };
};

/** Answers the next request for a stream with one that stands. */
const reconnects = ({ answer, host }: Awaited<ReturnType<typeof listening>>, position: number) => {
  const stream = eventStream();
  stream.ping(position, host.clock.now());
  answer(stream.answer);
  return stream;
};

const contents = (received: readonly Inbound[]) =>
  received.map((inbound) => ('content' in inbound ? inbound.content : inbound.kind));

const paths = ({ asked }: { readonly asked: readonly { readonly path: string }[] }) =>
  asked.map(({ path }) => path);

const BASE = '/api/events/stream?origin=default';

describe('a bridge that starts', () => {
  it('works once the stream has told how far it is, and not before', async () => {
    const { bridge, answer } = scripted();
    const host = recordingHost();
    const stream = eventStream();
    answer(stream.answer);
    let started = false;
    const starting = bridge.start(host).then(() => {
      started = true;
    });
    stream.tell(attends([true, 1]));
    await host.clock.advance(1000);
    expect(started).toBe(false);
    stream.ping(10, host.clock.now());
    await starting;
    await vi.waitFor(() => expect(host.received).toMatchObject([{ name: 'online' }]));
    await bridge.stop();
    expect(stream.isGivenUp).toBe(true);
  });

  it.each([
    [refused(401, 'unauthorized'), 'unauthorized'],
    [refused(503, 'unavailable'), 'unavailable'],
    [new Response('<h1>', { status: 404 }), 'misconfigured'],
    [new Response('<h1>'), 'misconfigured'],
  ])('says what is wrong: %o', async (response, code) => {
    const { bridge, answer } = scripted();
    answer(() => response);
    await expect(bridge.start(recordingHost())).rejects.toMatchObject({ code });
    await bridge.stop();
  });

  it('does not wait for ever', async () => {
    const { bridge, answer } = scripted();
    const host = recordingHost();
    const stream = eventStream();
    answer(stream.answer);
    const starting = expect(bridge.start(host)).rejects.toMatchObject({ code: 'unavailable' });
    await host.clock.advance(10_000);
    await starting;
  });

  it('and is stopped in the same breath hears nothing', async () => {
    const { bridge, answer } = scripted();
    const host = recordingHost();
    const stream = eventStream();
    stream.ping(1, host.clock.now());
    stream.tell(says('hello'), 2);
    answer(stream.answer);
    const starting = bridge.start(host).catch(() => {});
    await bridge.stop();
    await starting;
    await host.clock.advance(60_000);
    expect(host.received).toEqual([]);
  });
});

describe('a bridge that listens', () => {
  it('hands over what the team does, in order, one after the other', async () => {
    const { host, stream } = await listening();
    stream.tell(says('one'), 11);
    stream.tell(says('two', { id: 'msg_2' }), 12);
    stream.tell(types());
    stream.tell(deletes(), 13);
    stream.tell(does('session_closed'), 14);
    await vi.waitFor(() => expect(host.received).toHaveLength(4));
    expect(contents(host.received)).toEqual(['one', 'two', 'delete', 'command']);
    expect(host.told).toEqual([expect.stringMatching(/^Bob types in sess_1\//)]);
  });

  it('passes over what it does not understand', async () => {
    const { host, stream } = await listening();
    stream.tell({ type: 'something_new' } as unknown as TeamEvent, 11);
    stream.tell(says('and on'), 12);
    await vi.waitFor(() => expect(contents(host.received)).toEqual(['and on']));
  });

  it('goes on from what was taken when the stream breaks, at once, and nobody needs to know', async () => {
    const scene = await listening();
    const { host, stream } = scene;
    stream.tell(says('one'), 11);
    await vi.waitFor(() => expect(host.received).toHaveLength(1));
    const next = reconnects(scene, 12);
    stream.break();
    await vi.waitFor(() => expect(paths(scene).at(-1)).toBe(`${BASE}&after=11`));
    next.tell(says('two', { id: 'msg_2' }), 13);
    await vi.waitFor(() => expect(contents(host.received)).toEqual(['one', 'two']));
    expect(host.told).toEqual([]);
  });

  it('goes on from a ping, too', async () => {
    const scene = await listening();
    scene.stream.ping(25, scene.host.clock.now());
    reconnects(scene, 25);
    scene.stream.end();
    await vi.waitFor(() => expect(paths(scene).at(-1)).toBe(`${BASE}&after=25`));
  });

  it('says that it does not hear while the server is away, and that it does again', async () => {
    const scene = await listening();
    const { host, stream } = scene;
    scene.answer(...Array.from({ length: 3 }, () => () => refused(503, 'unavailable')));
    stream.break();
    await vi.waitFor(() => expect(host.told).toEqual(['broken: unavailable']));
    const next = reconnects(scene, 10);
    await host.clock.advance(10_000);
    await vi.waitFor(() => expect(host.told.at(-1)).toBe('healed'));
    next.tell(says('hello'), 11);
    await vi.waitFor(() => expect(contents(host.received)).toEqual(['hello']));
  });

  it('waits longer each time, though never for more than half a minute', async () => {
    const scene = await listening();
    scene.answer(...Array.from({ length: 1000 }, () => () => refused(503, 'unavailable')));
    scene.stream.break();
    await scene.host.clock.advance(3_600_000);
    expect(paths(scene).length).toBeGreaterThan(120);
    expect(paths(scene).length).toBeLessThan(300);
    expect(scene.host.told.filter((line) => line === 'healed')).toEqual([]);
  });

  it('asks once a minute only where a person has to act', async () => {
    const scene = await listening();
    scene.answer(...Array.from({ length: 100 }, () => () => refused(401, 'unauthorized')));
    scene.stream.break();
    await scene.host.clock.advance(600_000);
    expect(scene.host.told[0]).toBe('broken: unauthorized');
    expect(paths(scene).length).toBeLessThan(15);
  });

  it('takes a server that says nothing for 45 s for gone, and one that gives signs of life not', async () => {
    const scene = await listening();
    const { host, stream } = scene;
    for (let beat = 0; beat < 10; beat++) {
      stream.beat();
      await host.clock.advance(30_000);
    }
    expect(paths(scene)).toHaveLength(1);
    reconnects(scene, 10);
    await host.clock.advance(16_000);
    await vi.waitFor(() => expect(paths(scene)).toEqual([BASE, `${BASE}&after=10`]));
    expect(stream.isGivenUp).toBe(true);
  });

  it('does not storm a server that lets it in and ends the stream at once', async () => {
    const scene = await listening();
    for (let time = 0; time < 500; time++) {
      const stream = eventStream();
      stream.ping(10, scene.host.clock.now());
      stream.end();
      scene.answer(stream.answer);
    }
    scene.stream.end();
    await scene.host.clock.advance(120_000);
    expect(paths(scene).length).toBeLessThan(30);
  });

  it('gets again what was not taken, and nothing behind it first', async () => {
    const scene = await listening();
    const { host, stream } = scene;
    host.refuse(1);
    const next = reconnects(scene, 12);
    stream.tell(says('one'), 11);
    stream.tell(says('two', { id: 'msg_2' }), 12);
    await vi.waitFor(() => expect(stream.isGivenUp).toBe(true));
    expect(host.received).toEqual([]);
    next.tell(says('one'), 11);
    next.tell(says('two', { id: 'msg_2' }), 12);
    await host.clock.advance(1000);
    await vi.waitFor(() => expect(contents(host.received)).toEqual(['one', 'two']));
    expect(paths(scene)).toEqual([BASE, `${BASE}&after=10`]);
    expect(host.told).toEqual([]);
  });

  it('misses nothing where the very first thing was not taken', async () => {
    for (const [position, from] of [
      [undefined, 10],
      [9, 8],
    ] as const) {
      const scene = scripted();
      const host = recordingHost();
      const first = eventStream();
      if (position === undefined) first.tell(attends([true, 1]));
      else first.tell(says('one'), position);
      first.ping(10, host.clock.now());
      scene.answer(first.answer);
      host.refuse(1);
      await scene.bridge.start(host);
      onTestFinished(() => scene.bridge.stop());
      reconnects({ ...scene, host, stream: first }, 12);
      await host.clock.advance(1000);
      expect(paths(scene)).toEqual([BASE, `${BASE}&after=${from}`]);
    }
  });

  it('begins anew with a server that lost its data, and says that something may have been missed', async () => {
    const scene = await listening();
    const { host, stream } = scene;
    stream.tell(says('one'), 500);
    await vi.waitFor(() => expect(host.received).toHaveLength(1));
    const next = reconnects(scene, 3);
    stream.break();
    await vi.waitFor(() => expect(host.told).toEqual(['missed']));
    next.tell(says('two', { id: 'msg_2' }), 4);
    await vi.waitFor(() => expect(contents(host.received)).toEqual(['one', 'two']));
    reconnects(scene, 4);
    next.break();
    await host.clock.advance(1000);
    await vi.waitFor(() => expect(paths(scene).at(-1)).toBe(`${BASE}&after=4`));
  });

  it('that is stopped hands nothing over any more', async () => {
    const { bridge, host, stream } = await listening();
    await bridge.stop();
    stream.tell(says('too late'), 11);
    await host.clock.advance(60_000);
    expect(host.received).toEqual([]);
  });
});

describe('what was said while nobody listened', () => {
  const missed = async (
    scene: Awaited<ReturnType<typeof listening>>,
    after: number,
    signal?: AbortSignal,
  ) => {
    const all: (Inbound | undefined)[] = [];
    for await (const inbound of scene.bridge.catchUp.since(after, call(signal))) all.push(inbound);
    return all;
  };

  it('is asked for by the server’s clock, and comes as it would have been heard, each message once', async () => {
    const scene = scripted();
    const host = recordingHost();
    const first = eventStream();
    const ahead = -300_000;
    first.ping(10, host.clock.now() + ahead);
    scene.answer(first.answer);
    await scene.bridge.start(host);
    onTestFinished(() => scene.bridge.stop());
    const stream = eventStream();
    stream.beat();
    stream.tell(attends([true, 1]));
    stream.tell(
      { ...says('long ago'), timestamp: new Date(host.clock.now() + ahead - 1001).toISOString() },
      4,
    );
    stream.tell(says('first', { version: 2 }), 5);
    stream.tell(says('first', { version: 2 }, 'operator_message_edited'), 6);
    stream.tell(says('', { id: 'msg_2' }), 7);
    stream.tell(deletes('msg_2'), 8);
    stream.tell(does('session_closed'), 9);
    stream.ping(10, host.clock.now());
    scene.answer(stream.answer);
    const after = host.clock.now() - 1000;
    const all = await missed({ ...scene, host, stream }, after);
    expect(contents(all.filter((inbound) => inbound !== undefined))).toEqual(['first', 'delete', 'command']);
    expect(all).toContain(undefined);
    const since = new URL(paths(scene).at(-1) ?? '', 'https://chat.example').searchParams.get('since');
    expect(since).toBe(new Date(after + ahead).toISOString());
    expect(stream.isGivenUp).toBe(true);
  });

  it('is asked for by that clock from the start on, though what is heard now waits for it', async () => {
    const scene = scripted();
    const host = recordingHost();
    const first = eventStream();
    const ahead = -300_000;
    first.tell(attends([true, 1]));
    first.ping(10, host.clock.now() + ahead);
    scene.answer(first.answer);
    let letGo = () => {};
    const waiting = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await scene.bridge.start({ ...host, receive: () => waiting });
    const stream = eventStream();
    stream.ping(10, host.clock.now());
    scene.answer(stream.answer);
    const after = host.clock.now() - 1000;
    await missed({ ...scene, host, stream }, after);
    const since = new URL(paths(scene).at(-1) ?? '', 'https://chat.example').searchParams.get('since');
    expect(since).toBe(new Date(after + ahead).toISOString());
    letGo();
    await scene.bridge.stop();
  });

  it('is not known before all of it was told', async () => {
    const scene = await listening();
    const stream = eventStream();
    scene.answer(stream.answer);
    stream.tell(says('one'), 5);
    stream.end();
    await expect(missed(scene, 0)).rejects.toMatchObject({ code: 'unavailable' });
    scene.answer(() => refused(401, 'unauthorized'));
    await expect(missed(scene, 0)).rejects.toMatchObject({ code: 'unauthorized' });
    const deadline = new AbortController();
    const silent = eventStream();
    scene.answer(silent.answer);
    const asking = expect(missed(scene, 0, deadline.signal)).rejects.toMatchObject({ code: 'unavailable' });
    setTimeout(() => deadline.abort(), 10);
    await asking;
  });
});
