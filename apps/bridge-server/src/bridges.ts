import { type Bridge, BridgeError } from '@pocketping/core';
import { inVariables } from './naming.js';
import type { Problem } from './settings/problem.js';
import type { BridgeSettings } from './settings/settings.js';
import type { Platform } from './variables/index.js';

/** The bridges that can be made, and why the others cannot. */
export interface Made {
  readonly bridges: readonly (readonly [Platform, Bridge])[];
  readonly problems: readonly Problem[];
}

/** Only what is configured is loaded: the platforms' libraries are most of what a start takes. */
export const makeBridges = async ({ telegram, discord, slack }: BridgeSettings): Promise<Made> => {
  const making: [Platform, Promise<Bridge>][] = [];
  if (telegram)
    making.push([
      'telegram',
      import('@pocketping/bridge-telegram').then(({ TelegramBridge }) => new TelegramBridge(telegram)),
    ]);
  if (discord)
    making.push([
      'discord',
      import('@pocketping/bridge-discord').then(({ DiscordBridge }) => new DiscordBridge(discord)),
    ]);
  if (slack)
    making.push([
      'slack',
      import('@pocketping/bridge-slack').then(({ SlackBridge }) => new SlackBridge(slack)),
    ]);

  const bridges: [Platform, Bridge][] = [];
  const problems: Problem[] = [];
  for (const [platform, made] of making) {
    try {
      bridges.push([platform, await made]);
    } catch (error) {
      if (!BridgeError.isInstance(error)) throw error;
      problems.push({ concerns: platform, text: inVariables(platform, error.message) });
    }
  }
  return { bridges, problems };
};
