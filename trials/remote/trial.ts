import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TelegramEmulator } from '@pocketping/emulators';
import { audit, checkLog, type Tally } from '../kill/audit.js';
import { Lives } from '../kill/lives.js';
import { type Pace, type Plan, planFrom } from '../kill/plan.js';
import { SlowWire } from '../kill/slow-wire.js';
import { TelephoneLine } from '../kill/telephone-line.js';
import { answer, delivered, killAndResurrect, settled, write } from '../kill/trial.js';
import { Visitor } from '../kill/visitor.js';
import type { Bundle } from '../server/bundle.js';

const API_KEY = 'a-key-for-this-trial';
/** Long enough for the two to find each other again in between. */
const PACE: Pace = { longestMs: 1500, lifeMs: 1200 };
/** After a minute or so in doubt a call is made a last time. */
const PATIENCE = { withinMs: 120_000 };

/** Which of the two is killed. */
export type Victim = 'the server' | 'the backend' | 'each in turn';

/**
 * One run: visitors write to a backend, operators to the Telegram of a server in another process, and one of the two, or each in
 * turn, is killed again and again. Then everything that anybody wrote is looked for. @throws Error naming the first thing that is
 * missing, doubled without reason, or out of order
 */
export const runRemoteTrial = async (bundle: Bundle, seed: number, victim: Victim): Promise<Tally> => {
  const plan = planFrom(seed, PACE);
  const telegram = await TelegramEmulator.start();
  const line = await TelephoneLine.to(telegram);
  const { botToken, forumChatId } = telegram;
  for (const method of ['sendMessage', 'createForumTopic']) {
    if (plan.answerMs > 0)
      telegram.fault({ kind: 'slow', method, delayMs: plan.answerMs, times: Number.POSITIVE_INFINITY });
  }
  const fileOf = (who: string) =>
    join(bundle.folder, `remote-${seed}-${victim.replaceAll(' ', '-')}-${who}.db`);
  const server = await Lives.begin(
    bundle.program,
    {
      file: fileOf('server'),
      apiKey: API_KEY,
      telegram: { botToken, forumChatId, apiRoot: line.apiRoot },
    },
    seed,
  );
  await server.current.listening;
  // What the server says is lost when it dies on the way, so that many a call is repeated that was taken already.
  const wire = await SlowWire.to(server.port, plan.wireMs);
  const remote = { bridgeUrl: `${wire.origin}/pocketping`, apiKey: API_KEY };
  const backend = await Lives.begin(bundle.program, { file: fileOf('backend'), remote }, seed + 5000);
  await backend.current.listening;
  const way = await SlowWire.to(backend.port, plan.wireMs);
  const endpoint = `${way.origin}/pocketping`;
  const visitors = Array.from({ length: plan.sessions }, (_, index) => new Visitor(endpoint, seed + index));
  try {
    const began = performance.now();
    const after = (ms: number) => pause(began + ms - performance.now());
    const [, , lastPosts] = await Promise.all([
      write(plan, visitors, after),
      answer(plan, visitors, telegram, after),
      kill(plan, victim, { server, backend }, line, telegram),
    ]);
    await Promise.all([server.current.listening, backend.current.listening]);
    await settled(plan, visitors, endpoint, PATIENCE);
    await delivered(`http://127.0.0.1:${server.port}/pocketping`, PATIENCE);
    const fresh = await Promise.all(visitors.map((visitor) => visitor.fresh()));
    for (const { client } of visitors) client.destroy();
    await backend.stop();
    await server.stop();
    const logged = [...server.logged, ...backend.logged];
    const file = fileOf('backend');
    const tally = await audit({ plan, telegram, visitors, fresh, file, lastPosts, logged });
    await checkLog({ plan, visitors, file: fileOf('server') });
    return tally;
  } finally {
    for (const { client } of visitors) client.destroy();
    await Promise.all([backend.kill(), server.kill()]);
    await Promise.all([line.close(), wire.close(), way.close()]);
    await telegram.close();
  }
};

/** @returns for every kill of the server, the newest post of the bot that died with it: nothing else may repeat one */
const kill = async (
  plan: Plan,
  victim: Victim,
  { server, backend }: { readonly server: Lives; readonly backend: Lives },
  line: TelephoneLine,
  telegram: TelegramEmulator,
): Promise<number[]> => {
  const lastPosts: number[] = [];
  for (const [number, each] of plan.kills.entries()) {
    const isServer = victim === 'the server' || (victim === 'each in turn' && number % 2 === 0);
    if (isServer) {
      lastPosts.push(...(await killAndResurrect({ ...plan, kills: [each] }, server, line, telegram)));
      continue;
    }
    if (!each.young) await backend.current.listening;
    await pause(each.lifeMs);
    await backend.kill();
    await backend.resurrect(each.deadMs);
  }
  return lastPosts;
};
