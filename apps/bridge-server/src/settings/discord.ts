import type { DiscordBridgeOptions } from '@pocketping/bridge-discord';
import { discordVariables } from '../variables/index.js';
import { needs } from './needs.js';
import type { Environment } from './problem.js';
import type { Section } from './settings.js';
import { readValues } from './values.js';

export const readDiscord = (env: Environment): Section<DiscordBridgeOptions> => {
  const { values, set, problems, secrets } = readValues('discord', discordVariables, env);
  const found: string[] = [];
  const { botToken, channelId, useThreads, webhookUrl, showUrl, showMetadata, apiRoot } = values;
  if (set.size === 0) return { options: undefined, problems, secrets };
  if (set.has('webhookUrl')) {
    const others = (['botToken', 'channelId', 'useThreads', 'apiRoot'] as const).filter((key) =>
      set.has(key),
    );
    for (const key of others)
      found.push(
        `DISCORD_WEBHOOK_URL and ${discordVariables[key].name} are both set: a webhook stands alone, and the team reads along. Remove it to answer from Discord, or remove the other.`,
      );
  } else if (!set.has('botToken')) {
    found.push(needs(discordVariables, set, 'DISCORD_BOT_TOKEN'));
  } else if (!set.has('channelId')) {
    found.push(
      'DISCORD_BOT_TOKEN is set, but DISCORD_CHANNEL_ID is not: set it to the id of the text or forum channel in which the team answers (right-click the channel, Copy Channel ID).',
    );
  }
  const options: DiscordBridgeOptions =
    webhookUrl === undefined
      ? { botToken, channelId, useThreads, showUrl, showMetadata, apiRoot }
      : { webhookUrl, showUrl, showMetadata };
  const all = [...problems, ...found.map((text) => ({ concerns: 'discord', text }) as const)];
  return { options: all.length === 0 ? options : undefined, problems: all, secrets };
};
