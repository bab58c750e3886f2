import { BridgeError } from '@pocketping/core';
import { INVITE, isRefusal, missingScopes } from './errors.js';
import type { BotSettings } from './settings.js';
import type { Slack } from './slack.js';

/** The bot, as Slack knows it. */
export interface Me {
  readonly userId: string;
  /** What people type after an `@` to mention it. */
  readonly name: string;
}

/**
 * Finds out whether the app can work in its channel, and who its bot is.
 * @throws BridgeError saying what to click
 */
export const check = async (slack: Slack, settings: BotSettings, signal: AbortSignal): Promise<Me> => {
  const { userId, name } = await checkAccess(slack, settings, signal);
  return { userId, name: await nameOf(slack, userId, name, signal) };
};

/**
 * Finds out whether the app can work in its channel. What that takes is two requests that people see nothing of.
 * @returns the bot, by the name of its account
 * @throws BridgeError saying what to click
 */
export const checkAccess = async (
  slack: Slack,
  { channelId }: BotSettings,
  signal: AbortSignal,
): Promise<Me> => {
  const me = await slack.ask((web) => web.auth.test(), signal);
  const scopes = me.response_metadata?.scopes;
  const { channel } = await slack
    .ask((web) => web.conversations.info({ channel: channelId }), signal)
    .catch((error: unknown) => {
      if (scopes && isRefusal(error, 'missing_scope'))
        demand(scopes, ...ALWAYS, ...toReadAny(unknownTo(scopes)));
      throw error;
    });
  demand(scopes, ...ALWAYS, ...toReadAny([channel?.is_private ? 'groups' : 'channels']));
  if (channel?.is_archived) {
    throw new BridgeError(
      'misconfigured',
      `The channel #${channel.name} is archived. Open it in Slack and click Unarchive, or set another channelId.`,
    );
  }
  if (!channel?.is_member) {
    throw new BridgeError('unauthorized', `The app is not in the channel #${channel?.name}. ${INVITE}`);
  }
  return { userId: me.user_id as string, name: me.user ?? 'PocketPing' };
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

/** What the app needs whichever channel it works in. */
const ALWAYS: readonly Scopes[] = [
  ['chat:write'],
  ['users:read'],
  ['reactions:write'],
  ['files:read'],
  ['files:write'],
];

/** Scopes of which one suffices. */
type Scopes = readonly string[];

/** In the names of scopes `channels` are public ones, and `groups` private ones. */
type Kind = 'channels' | 'groups';

const toReadAny = (kinds: readonly Kind[]): Scopes[] =>
  kinds.length === 0 ? [] : ['read', 'history'].map((what) => kinds.map((kind) => `${kind}:${what}`));

/** Where Slack does not tell what kind a channel is, it is one that the scopes are not for. */
const unknownTo = (scopes: Scopes): Kind[] =>
  (['channels', 'groups'] as const).filter((kind) => !scopes.includes(`${kind}:read`));

/** Names at once all that is missing. Where Slack does not say what the token has, the calls will. */
const demand = (scopes: Scopes | undefined, ...groups: readonly Scopes[]): void => {
  if (!scopes) return;
  const missing = groups.filter((group) => !group.some((scope) => scopes.includes(scope)));
  if (missing.length === 0) return;
  throw new BridgeError('unauthorized', `botToken lacks scopes. ${missingScopes(missing)}`);
};
