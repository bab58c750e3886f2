import { BridgeError } from '@pocketping/core';
import { INVITE, missingScopes } from './errors.js';
import type { BotSettings } from './settings.js';
import type { Slack } from './slack.js';

/** The bot, as Slack knows it. */
export interface Me {
  readonly userId: string;
  /** What people type after an `@` to mention it. */
  readonly name: string;
}

/**
 * Finds out whether the app can work in its channel.
 * @throws BridgeError saying what to click
 */
export const check = async (slack: Slack, { channelId }: BotSettings, signal: AbortSignal): Promise<Me> => {
  const me = await slack.ask((web) => web.auth.test(), signal);
  const scopes = me.response_metadata?.scopes;
  demand(scopes, ['chat:write'], ['users:read'], ['reactions:write'], ['channels:read', 'groups:read']);
  const { channel } = await slack.ask((web) => web.conversations.info({ channel: channelId }), signal);
  demand(scopes, [channel?.is_private ? 'groups:history' : 'channels:history']);
  if (channel?.is_archived) {
    throw new BridgeError(
      'misconfigured',
      `The channel #${channel.name} is archived. Open it in Slack and click Unarchive, or set another channelId.`,
    );
  }
  if (!channel?.is_member) {
    throw new BridgeError('unauthorized', `The app is not in the channel #${channel?.name}. ${INVITE}`);
  }
  const userId = me.user_id as string;
  return { userId, name: await nameOf(slack, userId, me.user ?? 'PocketPing', signal) };
};

/** Who the bot is, where nothing else has to be known. */
export const askWho = async (slack: Slack, signal: AbortSignal): Promise<Me> => {
  const { user_id, user } = await slack.ask((web) => web.auth.test(), signal);
  return { userId: user_id as string, name: user ?? 'PocketPing' };
};

const nameOf = async (
  slack: Slack,
  user: string,
  otherwise: string,
  signal: AbortSignal,
): Promise<string> => {
  const { user: bot } = await slack.ask((web) => web.users.info({ user }), signal);
  return bot?.profile?.display_name || bot?.profile?.real_name || bot?.real_name || otherwise;
};

/** Of each group of scopes the token needs one. Where Slack does not say what it has, the calls will. */
const demand = (scopes: readonly string[] | undefined, ...groups: readonly (readonly string[])[]): void => {
  if (!scopes) return;
  const missing = groups.filter((group) => !group.some((scope) => scopes.includes(scope)));
  if (missing.length === 0) return;
  const advice = missing.map((group) => missingScopes(group)).join(' ');
  throw new BridgeError('unauthorized', `The app’s token lacks scopes. ${advice}`);
};
