import { FAULTS, TROUBLES } from '../fate.js';
import { struckAt } from '../troubles.js';
import type { Copies } from './check-copies.js';
import type { Case } from './evidence.js';

/** What a run consisted of; it proves nothing if nothing happened. */
export interface Tally {
  readonly said: number;
  readonly edited: number;
  readonly removed: number;
  /** Of the team's removals, those that nobody could hear of. */
  readonly answered: number;
  readonly notes: number;
  readonly files: number;
  readonly visitorsFiles: number;
  readonly commands: number;
  readonly kills: number;
  /** By app: how many calls were struck, and how many were made. */
  readonly struck: string;
  readonly copies: string;
  readonly lostThreads: number;
}

/** Says what happened, and what should have and did not. */
export const tallyOf = (found: Case, copies: ReadonlyMap<string, Copies>): Tally => {
  const { ledger, deaths, apps, plan, wrong } = found;
  const said = [...ledger.said.values()];
  if (said.length < plan.sayings.length)
    wrong(`${said.length} of ${plan.sayings.length} utterances were made`);
  for (const app of apps) {
    const struck = struckAt(app);
    for (const kind of new Set(Object.values(FAULTS).flatMap((fault) => fault.kind))) {
      if (!struck.has(kind)) wrong(`no call of ${app.name} was struck by ${kind}`);
    }
    if (
      (TROUBLES[app.name] as readonly string[]).includes('thread lost') &&
      !ledger.lost.some((one) => one.app === app)
    ) {
      wrong(`${app.name} lost no thread`);
    }
  }
  if (deaths.length !== plan.scale.kills) wrong(`the server was killed ${deaths.length} times`);
  const tally = {
    said: said.length,
    edited: said.filter(({ version }) => version > 0).length,
    removed: said.filter(({ removedAt }) => removedAt !== undefined).length,
    answered: said.filter(({ answered }) => answered !== undefined).length,
    notes: said.filter(({ saying }) => saying.isNote).length,
    files: said.filter(({ saying }) => saying.withFile).length,
    visitorsFiles: said.filter(({ saying }) => saying.withFile && !saying.operator).length,
    commands: ledger.given.length,
    kills: deaths.length,
    struck: apps
      .map(
        (app) =>
          `${app.name} ${app.calls().filter(({ faults }) => faults.length > 0).length}/${app.calls().length}`,
      )
      .join(', '),
    copies: [...copies].map(([app, { posts, threads }]) => `${app} ${posts}+${threads}`).join(', '),
    lostThreads: ledger.lost.length,
  };
  for (const what of ['edited', 'removed', 'answered', 'notes', 'files', 'visitorsFiles'] as const) {
    if (tally[what] === 0) wrong(`nothing was ${what}`);
  }
  return tally;
};
