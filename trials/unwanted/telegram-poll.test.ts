import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { openWorld, type World } from './world.js';

/** What stands in the place of the next answers to a poll. */
const answers: ((genuine: string) => string)[] = [];

/** What stands in the place of the answers after those. */
let everyAnswer: ((genuine: string) => string) | undefined;

/** The way to Telegram, on which an answer can be spoiled. */
const line: typeof fetch = async (url, init) => {
  const answer = await fetch(url, init);
  const spoil = String(url).endsWith('/getUpdates') ? (answers.shift() ?? everyAnswer) : undefined;
  if (!spoil) return answer;
  const spoilt = spoil(await answer.text());
  return new Response(spoilt, { status: answer.status, headers: { 'content-type': 'application/json' } });
};

/** Ahead of the clock, for Telegram tells edits apart by seconds. */
let aheadMs = 0;

let world: World;
beforeAll(async () => {
  world = await openWorld({
    telegramFetch: line,
    telegramOptions: { clock: { now: () => Date.now() + aheadMs } },
  });
});
afterAll(() => world.close());

const say = (words: string) => world.say('telegram', words);
const unharmed = (act: () => unknown) => world.unharmed(act, say);
/** Spoils one answer after the other; each has something old in it, for Telegram answers when there is something. */
const spoil = async (...spoilt: readonly ((genuine: string) => string)[]) => {
  const [known] = world.telegram.updates();
  for (const answer of spoilt) {
    answers.push(answer);
    world.telegram.replay(known?.update_id ?? 0);
    await until(() => answers.length === 0, 'the answer was given');
  }
};

const result = (...updates: readonly unknown[]) => JSON.stringify({ ok: true, result: updates });
type Fields = Record<string, unknown>;

/** An update that somebody in the topic could have caused, but for a change in its message. */
const update = (at: number, change: Fields): Fields => {
  const known = world.telegram.updates().find(({ message }) => message?.text === 'here, in telegram');
  const message = { ...known?.message, message_id: 900_000 + at, text: `invented ${at}`, ...change };
  return { update_id: 1, message };
};

describe('an answer to a poll', () => {
  it('that is cut, empty or no JSON has no effect', () =>
    unharmed(() =>
      spoil(
        (genuine) => genuine.slice(0, genuine.length / 2),
        () => '',
        () => '<html>502</html>',
        () => 'null',
      ),
    ));

  it('that is cut comes again whole', async () => {
    answers.push((genuine) => genuine.slice(0, -5));
    say('cut at its end');
    await world.arrival('cut at its end');
    expect(answers).toEqual([]);
  });

  it('that holds no list of updates has no effect', () =>
    unharmed(() =>
      spoil(
        () => '{"ok":true}',
        () => '{"ok":true,"result":null}',
        () => '{"ok":true,"result":{"update_id":1}}',
        () => result(null),
      ),
    ));

  it('in which something is no update does not hold up the others', async () => {
    everyAnswer = (genuine) => {
      const { result: updates } = JSON.parse(genuine) as { result: unknown[] };
      const nonsense = [null, 7, 'x', [], {}, { update_id: 'x' }, { update_id: 1e300 }];
      return updates.length === 0 ? genuine : result(...nonsense, ...updates);
    };
    try {
      say('among nonsense');
      await world.arrival('among nonsense');
      await unharmed(() => {});
    } finally {
      everyAnswer = undefined;
    }
  });

  it('with messages of other types, and with none, has no effect', () =>
    unharmed(() => {
      const wrong: Fields[] = [];
      for (const value of [null, 'x', {}, [], true, 1.5, 2 ** 53]) {
        for (const field of ['message_id', 'date', 'chat', 'from', 'message_thread_id'])
          wrong.push(update(wrong.length, { [field]: value }));
      }
      const others = [undefined, null, 7, 'x', []].map((message) => ({ update_id: 1, message }));
      return spoil((genuine) => {
        const { result: updates } = JSON.parse(genuine) as { result: unknown[] };
        return result(...wrong, ...others, ...updates);
      });
    }));

  it('with messages of another chat, a bot or the bot itself has no effect', () =>
    unharmed(() => {
      const bot = Number(world.telegram.botToken.split(':')[0]);
      const others = [
        { chat: { id: -1_009_999_999_999, type: 'supergroup' } },
        { from: { id: 99, is_bot: true, first_name: 'Helper' } },
        { from: { id: bot, is_bot: true, first_name: 'PocketPing' } },
      ].map((change, at) => update(100 + at, change));
      return spoil((genuine) => {
        const { result: updates } = JSON.parse(genuine) as { result: unknown[] };
        return result(...others, ...updates);
      });
    }));
});

describe('an update that comes again', () => {
  it('twenty times is one message', async () => {
    world.telegram.deliverTimes(20);
    say('twenty times');
    await world.arrival('twenty times');
    await unharmed(() => {});
  });

  it('after it was confirmed, edited and all, changes nothing', async () => {
    const id = say('as it was first');
    await world.arrival('as it was first');
    aheadMs += 2000;
    world.change('telegram', id, 'as it is now');
    await world.arrival('as it is now');
    await unharmed(async () => {
      for (const { update_id } of world.telegram.updates()) world.telegram.replay(update_id);
      await until(() => pending().then((count) => count === 0), 'all of it was confirmed');
    });
    expect(await world.hears()).not.toContain('as it was first');
  });
});

describe('an edit that comes before its message', () => {
  it('is one message, as it was edited', async () => {
    world.telegram.editFirst();
    const id = say('helo, telegram');
    aheadMs += 2000;
    world.change('telegram', id, 'hello, telegram');
    await world.arrival('hello, telegram');
    await unharmed(() => {});
    expect(await world.hears()).not.toContain('helo, telegram');
  });
});

const pending = async (): Promise<number> => {
  const answer = await fetch(`${world.telegram.apiRoot}/bot${world.telegram.botToken}/getWebhookInfo`);
  return ((await answer.json()) as { result: { pending_update_count: number } }).result.pending_update_count;
};
