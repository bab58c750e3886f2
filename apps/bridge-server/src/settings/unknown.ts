import { changesBetween } from '@pocketping/core';
import { names, type Part } from '../variables/index.js';
import type { Environment, Problem } from './problem.js';

/** What is set but is no variable of ours: the slips, and what merely looks like ours. */
export interface Unknown {
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

const PREFIXES = ['POCKETPING_', 'S3_', 'UPLOAD_', 'TELEGRAM_', 'DISCORD_', 'SLACK_'];

/**
 * A name that is nearly one of ours, while that one is not set, is a slip: what somebody wanted does not happen, which may be
 * to keep something from the team's sight. Anything else below our prefixes is told, and changes nothing.
 */
export const unknownIn = (env: Environment): Unknown => {
  const known = names();
  const candidates = [...known.keys()];
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (known.has(name) || !text?.trim() || isServiceLink(name, text)) continue;
    const prefix = PREFIXES.find((each) => name.startsWith(each)) ?? '';
    const near = nearest(name, candidates, prefix);
    if (near?.slip && !env[near.name]?.trim()) {
      const concerns = known.get(near.name) as Part;
      problems.push({
        concerns,
        text: `${name} is not a variable of this server: ${near.name} is meant? Rename it.`,
      });
    } else if (prefix !== '') {
      const nearby = near ? `; the nearest one is ${near.name}. Rename it, or remove it.` : ': remove it.';
      notes.push(`${name} is not a variable of this server and changes nothing${nearby}`);
    }
  }
  return { problems, notes };
};

/**
 * Kubernetes and Docker's links set variables named after services: one called `pocketping` makes `POCKETPING_PORT` and more.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const isServiceLink = (name: string, text: string): boolean =>
  /_SERVICE_(HOST|PORT(_\w+)?)$/.test(name) ||
  /_PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp):\/\//.test(text));

interface Near {
  readonly name: string;
  /** So near that the one is meant by the other. */
  readonly slip: boolean;
}

/** Of names with that prefix, the one that takes the fewest changes. Without a prefix only long names, and single changes, say anything. */
const nearest = (name: string, known: readonly string[], prefix: string): Near | undefined => {
  const [best] = known
    .filter((each) => (prefix === '' ? each.length > 8 : each.startsWith(prefix)))
    .map((each) => ({ each, changes: changesBetween(name, each) }))
    .toSorted((left, right) => left.changes - right.changes);
  if (!best) return undefined;
  const { each, changes } = best;
  const most = prefix === '' ? 1 : Math.min(4, (Math.max(each.length, name.length) - prefix.length) / 2);
  return { name: each, slip: changes <= most };
};
