import { describe, expect, it } from 'vitest';
import { parts } from '../src/variables/index.js';
import { bucketEffects } from './effects/bucket.js';
import { discordEffects } from './effects/discord.js';
import type { Effects } from './effects/effect.js';
import { serverEffects } from './effects/server.js';
import { slackEffects } from './effects/slack.js';
import { telegramEffects } from './effects/telegram.js';

const effects: Effects = {
  ...serverEffects,
  ...bucketEffects,
  ...telegramEffects,
  ...discordEffects,
  ...slackEffects,
};
const variables = Object.values(parts).flatMap((table) => Object.values(table));

describe('a variable', { timeout: 60_000 }, () => {
  it('has one test of what it does, whichever it is', () => {
    expect(Object.keys(effects).toSorted()).toEqual(variables.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(effects))('%s does what is said of it', (_, effect) => effect());

  it.each(variables.map((variable) => [variable.name, variable] as const))(
    'has an example, and a default if any, that it takes: %s',
    (_, { example, default: standard, read }) => {
      expect(read(example)).toBeDefined();
      if (standard !== undefined) expect(read(standard)).toBeDefined();
    },
  );
});
