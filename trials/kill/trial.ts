import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TelegramEmulator } from '@pocketping/emulators';
import type { Bundle } from '../server/bundle.js';
import { type Patience, until } from '../until.js';
import { audit, type Tally } from './audit.js';
import { Lives } from './lives.js';
import { type OperatorLine, type Plan, planFrom } from './plan.js';
import { SlowWire } from './slow-wire.js';
import { TelephoneLine } from './telephone-line.js';
import { cardTopic, newestPost } from './topics.js';
import { Visitor } from './visitor.js';

/**
 * One run: visitors and operators write while the server is killed again and again; then everything that anybody wrote
 * is looked for. @throws Error naming the first thing that is missing, doubled without reason, or out of order
 */
export const runKillTrial = async (bundle: Bundle, seed: number): Promise<Tally> => {
  const plan = planFrom(seed);
  const telegram = await TelegramEmulator.start();
  const line = await TelephoneLine.to(telegram);
  const { botToken, forumChatId } = telegram;
  for (const method of ['sendMessage', 'createForumTopic']) {
    if (plan.answerMs > 0)
      telegram.fault({ kind: 'slow', method, delayMs: plan.answerMs, times: Number.POSITIVE_INFINITY });
  }
  const file = join(bundle.folder, `kill-${seed}.db`);
  const lives = await Lives.begin(
    bundle.program,
    { file, telegram: { botToken, forumChatId, apiRoot: line.apiRoot } },
    seed,
  );
  await lives.current.listening;
  const wire = await SlowWire.to(lives.port, plan.wireMs);
  const endpoint = `${wire.origin}/pocketping`;
  const visitors = Array.from({ length: plan.sessions }, (_, index) => new Visitor(endpoint, seed + index));
  try {
    const began = performance.now();
    const after = (ms: number) => pause(began + ms - performance.now());
    const [, , lastPosts] = await Promise.all([
      write(plan, visitors, after),
      answer(plan, visitors, telegram, after),
      killAndResurrect(plan, lives, line, telegram),
    ]);
    await lives.current.listening;
    await settled(plan, visitors, endpoint);
    const fresh = await Promise.all(visitors.map((visitor) => visitor.fresh()));
    for (const { client } of visitors) client.destroy();
    await lives.stop();
    return await audit({ plan, telegram, visitors, fresh, file, lastPosts, logged: lives.logged });
  } finally {
    for (const { client } of visitors) client.destroy();
    await lives.kill();
    await Promise.all([line.close(), wire.close()]);
    await telegram.close();
  }
};

export type After = (ms: number) => Promise<void>;

/** What visitors write. */
export const write = async (
  { visitors: lines }: Plan,
  visitors: readonly Visitor[],
  after: After,
): Promise<void> => {
  for (const { at, session, content } of lines) {
    await after(at);
    void visitors[session]?.client.sendMessage(content);
  }
};

/** Each conversation is answered in order, and as soon as there is a topic to answer in. */
export const answer = async (
  { operators, sessions }: Plan,
  visitors: readonly Visitor[],
  telegram: TelegramEmulator,
  after: After,
): Promise<void> => {
  const type = async ({ at, session, operator, content }: OperatorLine) => {
    await after(at);
    let topic: number | undefined;
    await until(() => {
      const { sessionId } = visitors[session]?.client.state() ?? {};
      topic = sessionId === undefined ? undefined : cardTopic(telegram, sessionId);
      return topic !== undefined;
    }, `conversation ${session} has a topic`);
    telegram.operator({ name: operator }).type(topic as number, content);
  };
  await Promise.all(
    Array.from({ length: sessions }, async (_, session) => {
      for (const line of operators) if (line.session === session) await type(line);
    }),
  );
};

/** @returns for every kill, the newest post of the bot that died with it */
export const killAndResurrect = async (
  { kills }: Plan,
  lives: Lives,
  line: TelephoneLine,
  telegram: TelegramEmulator,
): Promise<number[]> => {
  const lastPosts: number[] = [];
  for (const { lifeMs, young, deadMs } of kills) {
    if (!young) await lives.current.listening;
    await pause(lifeMs);
    await lives.kill();
    await line.quiet();
    lastPosts.push(newestPost(telegram));
    await lives.resurrect(deadMs);
  }
  return lastPosts;
};

/** Everybody has heard everything, and nothing is left to do. */
export const settled = async (
  plan: Plan,
  visitors: readonly Visitor[],
  endpoint: string,
  patience: Patience = {},
): Promise<void> => {
  for (const [session, { client }] of visitors.entries()) {
    const lines = [...plan.visitors, ...plan.operators].filter((line) => line.session === session);
    const own = plan.visitors.some((line) => line.session === session);
    await until(
      () => {
        const { messages, unsent, read } = client.state();
        const last = messages.findLast(({ sender }) => sender === 'visitor');
        return (
          unsent.length === 0 &&
          messages.length >= lines.length &&
          (!own || (last !== undefined && read.operatorDelivered >= last.seq))
        );
      },
      `visitor ${session} and the team have everything of each other: ${JSON.stringify(client.state().unsent)}`,
      patience,
    );
  }
  await delivered(endpoint, patience);
};

/** A server has nothing left to bring to its team. */
export const delivered = (endpoint: string, patience: Patience = {}): Promise<void> =>
  until(
    async () => {
      const health = (await (await fetch(`${endpoint}/health`)).json()) as { bridges: { backlog: number }[] };
      return health.bridges.every(({ backlog }) => backlog === 0);
    },
    'nothing is left to deliver',
    patience,
  );
