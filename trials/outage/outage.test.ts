import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../until.js';
import { openWorld, type World } from '../unwanted/world.js';

/** Milliseconds for what takes a few without an outage, on a slow machine. */
const PROMPT_MS = 1000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const inTelegram = () => world.telegram.messages(world.places.topicId).map(({ text }) => text);
const inDiscord = () => world.discord.messages(world.places.threadId).map(({ text }) => text);
const inSlack = () => world.slack.thread(world.places.threadTs).map(({ text }) => text);

/** The words that were said, as often and in the order in which they are there. */
const wordsIn = (texts: readonly string[]) => texts.join('\n').match(/(?:question|reply|remark) \d/g) ?? [];

const promptly = (holds: () => boolean | Promise<boolean>, what: string) =>
  until(holds, what, { withinMs: PROMPT_MS });
const shows = (texts: () => readonly string[], words: string) => () =>
  texts().some((text) => text.includes(words));

it('one platform that is away is noticed by nobody on the other two, nor by the visitor, and has it all afterwards', async () => {
  const { slack, visitor, pp, say, hears } = world;
  const before = inSlack();
  const recover = slack.fault({ kind: 'timeout_before', delayMs: 200, times: Number.POSITIVE_INFINITY });
  const said: string[] = [];
  for (let round = 0; round < 5; round++) {
    const [question, reply, remark] = [`question ${round}`, `reply ${round}`, `remark ${round}`];
    const asked = performance.now();
    await visitor.say(question);
    expect(performance.now() - asked).toBeLessThan(PROMPT_MS);
    await promptly(shows(inTelegram, question), `${question} in Telegram`);
    await promptly(shows(inDiscord, question), `${question} in Discord`);
    say('telegram', reply);
    await promptly(async () => (await hears()).includes(reply), `${reply} at the visitor`);
    await promptly(shows(inDiscord, reply), `${reply} in Discord`);
    say('discord', remark);
    await promptly(async () => (await hears()).includes(remark), `${remark} at the visitor`);
    await promptly(shows(inTelegram, remark), `${remark} in Telegram`);
    said.push(question, reply, remark);
  }
  const away = async () =>
    (await pp.health()).bridges.find(({ name }) => name === 'slack')?.state === 'paused';
  await until(away, 'the health says that Slack is away');
  expect((await pp.health()).bridges).toMatchObject([
    { name: 'telegram', state: 'up', backlog: 0 },
    { name: 'slack' },
    { name: 'discord', state: 'up', backlog: 0 },
  ]);
  expect(inSlack()).toEqual(before);
  recover();
  await until(() => wordsIn(inSlack()).length >= said.length, 'Slack has everything', { withinMs: 10_000 });
  await world.settled();
  for (const texts of [inTelegram(), inDiscord(), inSlack()]) expect(wordsIn(texts)).toEqual(said);
  expect((await pp.health()).status).toBe('ok');
});
