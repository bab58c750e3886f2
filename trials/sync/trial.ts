import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Lives } from '../kill/lives.js';
import { SlowWire } from '../kill/slow-wire.js';
import { Visitor } from '../kill/visitor.js';
import type { Bundle } from '../server/bundle.js';
import { until } from '../until.js';
import { type Carrier, carriers } from '../visitor/environment.js';
import type { App } from './apps/app.js';
import { startApps } from './apps/index.js';
import { Ledger } from './ledger.js';
import { audit, type Tally } from './oracle/audit.js';
import { visit } from './people/guest.js';
import { attend } from './people/teammate.js';
import { APPS, type Operator, type Plan, type Saying } from './plan.js';
import { Timetable } from './timetable.js';
import { Troubles } from './troubles.js';
import { tokenOf } from './words.js';

/** The widget's time goes so many times faster: it comes back within seconds after a kill. */
const HURRY = 6;

/** Milliseconds that what the server says takes to reach a visitor. */
const WIRE_MS = 3;

/**
 * One run: visitors and a team on three platforms talk while everything goes wrong; then everything works, everybody hears
 * of everything, and everything is compared. @throws Error naming what does not agree
 */
export const runSyncTrial = async (bundle: Bundle, plan: Plan): Promise<Tally> => {
  const { seed, scale } = plan;
  const ledger = new Ledger();
  const apps = await startApps(seed, (number) => ledger.said.get(number)?.sessionId);
  // What an earlier attempt left is nobody's business.
  const file = join(mkdtempSync(join(bundle.folder, `sync-${seed}-`)), 'sync.db');
  const settings = Object.fromEntries(apps.map(({ name, settings }) => [name, settings]));
  const lives = await Lives.begin(bundle.program, { file, ...settings }, seed);
  await lives.current.listening;
  const wire = await SlowWire.to(lives.port, WIRE_MS);
  const endpoint = `${wire.origin}/pocketping`;
  const visitors = Array.from(
    { length: scale.sessions },
    (_, number) =>
      new Visitor(endpoint, seed + number, {
        hurry: HURRY,
        carrier: carrierOf(number),
      }),
  );
  try {
    const time = new Timetable();
    const reached = ({ session, texts }: Saying, version: number) =>
      visitors[session]?.client.state().messages.some(({ content }) => content === texts[version]) === true;
    const troubles = new Troubles(apps, plan, ledger, time, reached);
    const [, , , , deaths] = await Promise.all([
      converse(plan, visitors, ledger, time),
      work(plan, apps, visitors, ledger, time),
      troubles.strike(),
      troubles.befall(),
      killAndResurrect(plan, lives, troubles, time),
    ]);
    troubles.end();
    await lives.current.listening;
    const scene = { plan, visitors, ledger, apps, endpoint };
    await settled(scene);
    await loseThreads(scene);
    await settled(scene);
    const fresh = await Promise.all(visitors.map((visitor) => visitor.fresh()));
    const shown = visitors.map(({ client }) => client.state());
    for (const { client } of visitors) client.destroy();
    await lives.stop();
    const { interruptions } = troubles;
    return await audit({
      plan,
      apps,
      ledger,
      shown,
      fresh,
      file,
      deaths,
      interruptions,
      logged: lives.logged,
    });
  } catch (cause) {
    const health = await fetch(`${endpoint}/health`).then((answer) => answer.text(), String);
    const said = cause instanceof Error ? cause.message : String(cause);
    const { lastWords, logged } = lives.current;
    const remarks = logged.slice(-3).map(({ message, error }) => `${message} ${error.split('\n')[0]}`);
    throw new Error(
      `${said}\n  health: ${health}\n  last words: ${lastWords}\n  last remarks: ${remarks.join('; ')}`,
      { cause },
    );
  } finally {
    for (const { client } of visitors) client.destroy();
    await lives.kill();
    await wire.close();
    await Promise.all(apps.map((app) => app.close()));
  }
};

/** Each carrier has as many visitors. */
const carrierOf = (visitor: number): Carrier => carriers[visitor % carriers.length] ?? 'WebSocket';

const converse = (plan: Plan, visitors: readonly Visitor[], ledger: Ledger, time: Timetable) =>
  Promise.all(
    visitors.map((visitor, session) =>
      visit(
        visitor,
        plan.sayings.filter((one) => one.session === session && !one.operator),
        { ledger, time },
      ),
    ),
  );

const work = (
  plan: Plan,
  apps: readonly App[],
  visitors: readonly Visitor[],
  ledger: Ledger,
  time: Timetable,
) =>
  Promise.all(
    visitors.flatMap(({ client }, session) =>
      APPS.map((name) => {
        const mine = (one: { readonly session: number; readonly operator?: { readonly app: string } }) =>
          one.session === session && one.operator?.app === name;
        const app = apps.find((each) => each.name === name) as App;
        const sessionId = () => client.state().sessionId;
        const job = {
          app,
          sessionId,
          sayings: plan.sayings.filter(mine),
          commands: plan.commands.filter(mine),
        };
        return attend(job, { ledger, time });
      }),
    ),
  );

/** When a life of the server ended, and when the next one began; Unix milliseconds. */
export interface Death {
  readonly at: number;
  readonly until: number;
}

const killAndResurrect = async (
  { fate }: Plan,
  lives: Lives,
  troubles: Troubles,
  time: Timetable,
): Promise<Death[]> => {
  const deaths: Death[] = [];
  for (const kill of fate.kills) {
    await time.at(kill.at);
    await lives.current.listening;
    await troubles.refuseTokens();
    await lives.kill();
    const at = Date.now();
    troubles.interrupted(at);
    await pause(kill.deadMs);
    deaths.push({ at, until: Date.now() });
    await lives.resurrect(0);
  }
  return deaths;
};

interface Scene {
  readonly plan: Plan;
  readonly visitors: readonly Visitor[];
  readonly ledger: Ledger;
  readonly apps: readonly App[];
  readonly endpoint: string;
}

/** Where no thread was lost so far, one is lost now, and its visitor goes on. */
const loseThreads = async ({ plan, visitors, ledger, apps }: Scene): Promise<void> => {
  for (const [number, app] of apps.entries()) {
    if (ledger.lost.some((one) => one.app === app)) continue;
    const { client } = visitors[number] as Visitor;
    const { sessionId = '' } = client.state();
    const thread = app.threadOf(sessionId);
    if (thread === undefined) throw new Error(`visitor ${number} has no thread on ${app.name}`);
    app.lose(thread);
    ledger.lose(app, thread, sessionId);
    const saying = lastWord(plan.sayings.length + number, number);
    const said = ledger.say({ saying, sessionId, at: Date.now(), version: 0 });
    said.messageId = await client.sendMessage(saying.texts[0] ?? '');
  }
};

const lastWord = (number: number, session: number): Saying => ({
  number,
  session,
  isNote: false,
  at: 0,
  texts: [`${tokenOf(number, 0)} is anybody there?`],
  edits: [],
  editFirst: false,
  withFile: false,
});

/** Everybody has heard everything, and nothing is left to do, for a while: what is told late may make something to do again. */
const settled = async (scene: Scene): Promise<void> => {
  let problem = '';
  let restedAt: number | undefined;
  const rests = async () => {
    problem = await unrest(scene);
    restedAt = problem === '' ? (restedAt ?? Date.now()) : undefined;
    return restedAt !== undefined && Date.now() - restedAt >= QUIET_MS;
  };
  await until(rests, 'all is at rest', { withinMs: SETTLED_WITHIN_MS, everyMs: 250 }).catch((cause) => {
    throw new Error(`${String(cause)}: ${problem}`, { cause });
  });
};

/** Slack may not tell a name in time. */
const areNamed = (people: readonly Operator[], names: readonly string[]): boolean =>
  people.every(({ name, app }) => names.includes(name) || (app === 'slack' && names.includes(NAMELESS))) &&
  names.every((name) => name === NAMELESS || people.some((person) => person.name === name));

const NAMELESS = 'Teammate';

const QUIET_MS = 1500;

/** A post that was never confirmed is repeated a last time after a minute. */
const SETTLED_WITHIN_MS = 120_000;

interface Health {
  readonly bridges: readonly { readonly name: string; readonly state: string; readonly backlog: number }[];
}

const unrest = async ({ plan, visitors, ledger, apps, endpoint }: Scene): Promise<string> => {
  for (const [number, { client }] of visitors.entries()) {
    const { link, unsent } = client.state();
    if (link !== 'live' || unsent.length > 0)
      return `visitor ${number}, by ${carrierOf(number)}, is ${link} and has yet to send ${JSON.stringify(unsent)}`;
  }
  const here = plan.team.filter(({ leaves }) => !leaves);
  const misled = visitors.findIndex(
    ({ client }, number) =>
      carrierOf(number) !== 'long polling' && !areNamed(here, client.state().presence?.operators ?? []),
  );
  if (misled >= 0)
    return `visitor ${misled} sees ${JSON.stringify(visitors[misled]?.client.state().presence)}`;
  const deaf = apps.find(({ isHeard, telling }) => !isHeard || telling > 0);
  if (deaf) return `${deaf.name} is not heard`;
  const { bridges } = (await (await fetch(`${endpoint}/health`)).json()) as Health;
  const bridge = bridges.find(({ state, backlog }) => state !== 'up' || backlog > 0);
  if (bridge) return JSON.stringify(bridge);
  const waiting = visitors.findIndex(({ client }) =>
    client
      .state()
      .messages.some(({ attachments = [] }) => attachments.some(({ status }) => status === 'fetching')),
  );
  if (waiting >= 0) return `visitor ${waiting} waits for a file`;
  const contents = visitors.map(
    ({ client }) => new Set(client.state().messages.map(({ content }) => content)),
  );
  for (const { saying, version, removedAt } of ledger.said.values()) {
    const { number, session, texts, isNote } = saying;
    if (isNote || removedAt !== undefined || contents[session]?.has(texts[version] ?? '')) continue;
    const shown = [...(contents[session] ?? [])].filter((content) => content.startsWith(`m${number}e`));
    return `visitor ${session} sees ${JSON.stringify(shown)}, and not ${JSON.stringify(saying)} in version ${version}`;
  }
  return '';
};
