import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { comesTooSoon } from './again.js';
import { openWorld, type World } from './world.js';

/* A frame that ends the process fails this file: Vitest reports what nobody caught. */

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const say = (words: string) => world.say('slack', words);
const unharmed = (act: () => unknown) => world.unharmed(act, say);

type Fields = Record<string, unknown>;
interface Envelope extends Fields {
  readonly envelope_id: string;
  readonly payload: { readonly event: Fields } & Fields;
}

const frameWith = (words: string): string =>
  world.slack.socketMode.envelopes.find((each) => each.includes(words)) ?? '';
const envelopeWith = (words: string): Envelope => JSON.parse(frameWith(words)) as Envelope;
const send = (frame: unknown) =>
  world.slack.socketMode.say(typeof frame === 'string' ? frame : JSON.stringify(frame));
const timesAcknowledged = (id: string) =>
  world.slack.socketMode.acknowledged.filter((each) => each === id).length;

let ids = 0;
/** What could be a new message, but for a change in its event. */
const newMessage = (change: Fields = {}): Envelope => {
  const known = envelopeWith('here, in slack');
  const ts = `${Math.floor(Date.now() / 1000)}.${String(++ids).padStart(6, '0')}`;
  const text = `invented ${ids}`;
  const event = { ...known.payload.event, ts, event_ts: ts, text, blocks: undefined, ...change };
  return { ...known, envelope_id: `invented-${ids}`, payload: { ...known.payload, event } };
};

describe('a frame that is not whole', () => {
  it('has no effect, wherever it was cut, and is not acknowledged', () =>
    unharmed(() => {
      const envelope = newMessage();
      const frame = JSON.stringify(envelope);
      for (let length = 0; length < frame.length; length += 11) send(frame.slice(0, length));
      expect(timesAcknowledged(envelope.envelope_id)).toBe(0);
    }));

  it('says nothing, and has no effect', () =>
    unharmed(() => {
      const frames = [
        ...['null', '7', '"x"', '[]', '{}', 'true', '{"type":null}', '{"type":7}', '{"type":"events_api"}'],
        ...['{"type":"events_api","payload":null}', '{"type":"events_api","payload":{}}'],
        ...['{"type":"events_api","payload":{"event":null},"envelope_id":"e1"}'],
        ...['{"type":"events_api","payload":{"event":7},"envelope_id":"e2"}', '{"type":"__proto__"}'],
        ...['{"type":"events_api","payload":{"event":{}},"envelope_id":null}', '{"type":"constructor"}'],
        '{"__proto__":{"type":"events_api","payload":{"event":{"type":"message"}}}}',
        `{"type":"events_api","envelope_id":"e3","payload":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      ];
      for (const frame of frames) send(frame);
      world.slack.socketMode.say(Uint8Array.of(0, 1, 2, 0xff));
    }));
});

describe('an envelope', () => {
  it('of a kind that nobody knows is acknowledged, and has no effect', () =>
    unharmed(async () => {
      for (const type of ['interactive', 'slash_commands', 'something_new']) {
        send({ ...newMessage(), type, envelope_id: `kind-${type}` });
        await until(() => timesAcknowledged(`kind-${type}`) === 1, `${type} is acknowledged`);
      }
    }));

  it('that holds no message anybody could have written has no effect, and does not come again', () =>
    unharmed(async () => {
      const wrong: Fields[] = [];
      for (const value of [undefined, null, 7, {}, [], true, '']) {
        for (const field of ['type', 'channel', 'user', 'ts', 'thread_ts']) wrong.push({ [field]: value });
      }
      wrong.push({ ts: '1.5' }, { ts: '99999999999999999999.000001' }, { ts: 'x' }, { thread_ts: 'x' });
      wrong.push({ subtype: 'message_changed' }, { subtype: 'message_deleted' }, { subtype: {} });
      wrong.push({ subtype: 'message_changed', message: { edited: {} } }, { channel: 'C000000000' });
      const envelopes = wrong.map(newMessage);
      for (const envelope of envelopes) send(envelope);
      for (const { envelope_id, payload } of envelopes) {
        await until(() => timesAcknowledged(envelope_id) === 1, `${JSON.stringify(payload)} is acknowledged`);
      }
    }));

  it('of the bot itself, another app, or Slack has no effect', () =>
    unharmed(async () => {
      const others = [
        { bot_id: 'B0000000001' },
        { user: world.slack.botUserId },
        { user: 'USLACKBOT' },
        { subtype: 'bot_message', bot_id: 'B0000000002', user: undefined },
        { subtype: 'channel_join' },
      ].map(newMessage);
      for (const envelope of others) send(envelope);
      for (const { envelope_id } of others)
        await until(() => timesAcknowledged(envelope_id) === 1, envelope_id);
    }));

  it('that comes twenty times is one message, acknowledged each time', async () => {
    say('in an envelope');
    await world.arrival('in an envelope');
    await unharmed(async () => {
      const frame = frameWith('in an envelope');
      const { envelope_id } = envelopeWith('in an envelope');
      for (let copy = 0; copy < 20; copy++) send(frame);
      await until(() => timesAcknowledged(envelope_id) === 21, 'each is acknowledged');
    });
  });

  it('with an event that has come in another one changes nothing', () =>
    unharmed(async () => {
      const known = envelopeWith('here, in slack');
      const payload = { ...known.payload, event_id: 'Ev0000000099' };
      for (let copy = 0; copy < 20; copy++) send({ ...known, payload, envelope_id: `another-${copy}` });
      await until(() => timesAcknowledged('another-19') === 1, 'the last one is acknowledged');
    }));

  it('is acknowledged after the commit, never before', async () => {
    const { storage } = world;
    const commit = storage.commit.bind(storage);
    let asked = () => {};
    let release = () => {};
    const committing = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    storage.commit = async (write) => {
      if (write.insert?.some(({ content }) => content === 'not before')) {
        asked();
        await released;
      }
      return commit(write);
    };
    try {
      say('not before');
      await committing;
      const { envelope_id } = envelopeWith('not before');
      // An envelope that comes later is answered first: this one is not merely late.
      send({ ...newMessage(), type: 'interactive', envelope_id: 'later' });
      await until(() => timesAcknowledged('later') === 1, 'a later one is acknowledged');
      expect(timesAcknowledged(envelope_id)).toBe(0);
      release();
      await until(() => timesAcknowledged(envelope_id) === 1, 'it is acknowledged');
      await world.arrival('not before');
    } finally {
      storage.commit = commit;
      release();
    }
  });
});

describe('a connection that ends', () => {
  it.each(['refresh_requested', 'warning', 'link_disabled'] as const)(
    'by %s does not lose or double what is said at that moment',
    async (reason) => {
      world.slack.socketMode.disconnect(reason);
      say(`just then, by ${reason}`);
      await world.arrival(`just then, by ${reason}`);
      await unharmed(() => {});
    },
  );

  it('lets an envelope that comes after its farewell have one effect', async () => {
    say('before the farewell');
    await world.arrival('before the farewell');
    await unharmed(() => {
      send({ type: 'disconnect', reason: 'refresh_requested' });
      send(frameWith('before the farewell'));
    });
  });

  it('without a word is followed by another one', async () => {
    world.slack.socketMode.disconnect();
    say('into the cut');
    await world.arrival('into the cut');
    await unharmed(() => {});
  });
});

describe('what comes too soon', () => {
  comesTooSoon(
    () => world,
    'slack',
    (words) => send(frameWith(words)),
  );
});
