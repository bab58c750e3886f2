import type { World } from '../world.js';
import { checkOperators } from './check-operators.js';
import { checkReceipts } from './check-receipts.js';
import { checkThreads } from './check-threads.js';
import { checkUtterances } from './check-utterances.js';
import { checkViews } from './check-views.js';
import { checkLog, readSessions } from './stored.js';

/** Holds what everybody sees against what was said. @returns how much there was to look at */
export const examine = async (world: World): Promise<Record<string, number>> => {
  const { stage, storage, platforms, house } = world;
  const stored = await readSessions(storage);
  checkLog(stage, stored);
  checkUtterances(stage, stored);
  checkViews(world, stored);
  checkOperators(world, stored);
  const counts = { sessions: stored.length, messages: 0, posts: 0, repeated: 0, receipts: 0 };
  for (const { messages } of stored) counts.messages += messages.length;
  for (const platform of platforms) {
    const { posts, repeated } = await checkThreads(world, platform, stored);
    counts.posts += posts;
    counts.repeated += repeated;
    counts.receipts += await checkReceipts(world, platform, stored);
  }
  for (const { life, pp } of house.doors()) {
    const health = await pp.health();
    // Whether a bridge that was shut out is let in again shows when there is something to post.
    const isWell = health.bridges.every(
      ({ state, reason, backlog }) => state !== 'paused' || (reason === 'unauthorized' && backlog === 0),
    );
    if (!isWell || health.status === 'down')
      stage.fail(`${life.name} is not well: ${JSON.stringify(health)}`);
  }
  return counts;
};
