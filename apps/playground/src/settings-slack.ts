import { type Environment, SettingsError } from './settings-error.js';

/** A real Slack. */
export interface SlackSettings {
  readonly botToken: string;
  readonly channelId: string;
  /** We connect to Slack; or else Slack calls us. */
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly apiUrl?: string;
}

/** @throws SettingsError */
export const slackFrom = (env: Environment): SlackSettings | undefined => {
  const { SLACK_BOT_TOKEN: botToken, SLACK_CHANNEL_ID: channelId, SLACK_API_URL: apiUrl } = env;
  if (!botToken) {
    const name = OTHERS.find((each) => env[each]);
    if (!name) return undefined;
    throw new SettingsError(
      `${name} is set, but SLACK_BOT_TOKEN is not: set it too, or none of them to use the phone that is drawn beside the page.`,
    );
  }
  if (!channelId) {
    throw new SettingsError(
      'SLACK_BOT_TOKEN is set, but SLACK_CHANNEL_ID is not: set it to the id of the channel in which the team answers (C…, below the channel’s details).',
    );
  }
  return { botToken, channelId, ...earFrom(env), ...(apiUrl && { apiUrl }) };
};

const OTHERS = ['SLACK_CHANNEL_ID', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_API_URL'] as const;

/** How it is heard what the team says. */
const earFrom = ({
  SLACK_APP_TOKEN: appToken,
  SLACK_SIGNING_SECRET: signingSecret,
}: Environment): Pick<SlackSettings, 'appToken' | 'signingSecret'> => {
  if (appToken && signingSecret) {
    throw new SettingsError(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: set the first for Socket Mode, which needs no public address, or the second where Slack can reach this machine.',
    );
  }
  if (appToken) return { appToken };
  if (signingSecret) return { signingSecret };
  throw new SettingsError(
    'SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is: set the first (xapp-…, Socket Mode needs no public address), or the second where Slack can reach this machine.',
  );
};
