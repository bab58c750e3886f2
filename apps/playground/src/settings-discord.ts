import { type Environment, SettingsError } from './settings-error.js';

/** A real Discord. */
export interface DiscordSettings {
  readonly botToken: string;
  readonly channelId: string;
  readonly apiRoot?: string;
}

/** @throws SettingsError */
export const discordFrom = (env: Environment): DiscordSettings | undefined => {
  const { DISCORD_BOT_TOKEN: botToken, DISCORD_CHANNEL_ID: channelId, DISCORD_API_ROOT: apiRoot } = env;
  if (botToken && channelId) return { botToken, channelId, ...(apiRoot && { apiRoot }) };
  if (botToken) {
    throw new SettingsError(
      'DISCORD_BOT_TOKEN is set, but DISCORD_CHANNEL_ID is not: set it to the id of the text or forum channel in which the team answers (right-click the channel, Copy Channel ID).',
    );
  }
  const name = channelId ? 'DISCORD_CHANNEL_ID' : apiRoot ? 'DISCORD_API_ROOT' : undefined;
  if (name) {
    throw new SettingsError(
      `${name} is set, but DISCORD_BOT_TOKEN is not: set it too, or none of them to use the phone that is drawn beside the page.`,
    );
  }
  return undefined;
};
