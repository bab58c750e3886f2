import type { SlackBridgeOptions } from '@pocketping/bridge-slack';
import { slackVariables } from '../variables/index.js';
import { needs } from './needs.js';
import type { Environment } from './problem.js';
import type { Section } from './settings.js';
import { readValues } from './values.js';

export const readSlack = (env: Environment): Section<SlackBridgeOptions> => {
  const { values, set, problems, secrets } = readValues('slack', slackVariables, env);
  if (set.size === 0) return { options: undefined, problems, secrets };
  const all = [...problems, ...contradictions(set).map((text) => ({ concerns: 'slack', text }) as const)];
  const { botToken, channelId, appToken, signingSecret, webhookUrl, showUrl, showMetadata, apiUrl } = values;
  const options: SlackBridgeOptions =
    webhookUrl === undefined
      ? { botToken, channelId, appToken, signingSecret, showUrl, showMetadata, apiUrl }
      : { webhookUrl, showUrl, showMetadata };
  return { options: all.length === 0 ? options : undefined, problems: all, secrets };
};

const OF_A_BOT = ['botToken', 'channelId', 'appToken', 'signingSecret', 'apiUrl'] as const;

const contradictions = (set: ReadonlySet<keyof typeof slackVariables>): string[] => {
  if (set.has('webhookUrl')) {
    return OF_A_BOT.filter((key) => set.has(key)).map(
      (key) =>
        `SLACK_WEBHOOK_URL and ${slackVariables[key].name} are both set: a webhook stands alone, and the team reads along. Remove it to answer from Slack, or remove the other.`,
    );
  }
  if (!set.has('botToken')) return [needs(slackVariables, set, 'SLACK_BOT_TOKEN')];
  const found: string[] = [];
  if (!set.has('channelId'))
    found.push(
      'SLACK_BOT_TOKEN is set, but SLACK_CHANNEL_ID is not: set it to the id of the channel in which the team answers (C…, below the channel’s details).',
    );
  if (set.has('appToken') && set.has('signingSecret'))
    found.push(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: set the first for Socket Mode, which needs no public address, or the second where Slack can reach this server.',
    );
  if (!set.has('appToken') && !set.has('signingSecret'))
    found.push(
      'SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is: set the first (xapp-…, Socket Mode needs no public address), or the second where Slack can reach this server.',
    );
  return found;
};
