import { until } from '../until.js';
import type { Posted } from './mail.js';
import { send } from './request.js';
import type { World } from './world.js';

export const pathOf = (platform: string): string => `/pocketping/webhooks/${platform}`;

/** Sends a node what a platform posted, or would have. Whichever node is called, it is the platform's. */
export const deliver = ({ nodes }: World, platform: string, { headers, body }: Posted, node = 0) =>
  send({ port: (nodes[node] as (typeof nodes)[number]).port, path: pathOf(platform), headers, body });

/** What a platform posts when somebody does something, of which no node has heard yet. It arrives once the mail goes on. */
export const withheld = async (world: World, words: string, act: () => unknown): Promise<Posted> => {
  world.mail.held = true;
  act();
  await until(() => world.mail.with(words), `the platform posts ${words}`);
  return world.mail.with(words) as Posted;
};

/**
 * Somebody writes, and what the platform posts is held up: what is made of it must have no effect, and the message itself
 * arrives as soon as it may.
 */
export const forged = (
  world: World,
  platform: 'telegram' | 'slack',
  words: string,
  forge: (genuine: Posted) => Promise<unknown>,
): Promise<void> => {
  const release = () => {
    world.mail.held = false;
  };
  const act = async () => forge(await withheld(world, words, () => world.say(platform, words)));
  return world.unharmed(act, release, words).finally(release);
};
