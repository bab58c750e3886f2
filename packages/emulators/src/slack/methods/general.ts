import type { Params } from '../../telegram/params.js';
import { isEmojiName } from '../emoji.js';
import { SlackApiError } from '../errors.js';
import { toUser } from '../wire.js';
import { type Method, type MethodContext, text, writableRoom } from './method.js';

/** @see https://docs.slack.dev/reference/methods/auth.test */
export const authTest: Method = ({ state }) => ({
  url: `https://${state.team.domain}.slack.com/`,
  team: state.team.name,
  user: state.users.get(state.app.botUserId)?.name,
  team_id: state.team.id,
  user_id: state.app.botUserId,
  bot_id: state.app.botId,
  is_enterprise_install: false,
});

/** @see https://docs.slack.dev/reference/methods/apps.connections.open */
export const openConnection: Method = ({ connectionUrl }) => ({ url: connectionUrl() });

/** @see https://docs.slack.dev/reference/methods/users.info */
export const usersInfo: Method = ({ state }, params) => {
  const user = state.users.get(text(params, 'user') ?? '');
  if (!user) throw new SlackApiError('user_not_found');
  return { user: toUser(state, user) };
};

export const addReaction: Method = (context, params) => react(context, params, true);
export const removeReaction: Method = (context, params) => react(context, params, false);

/** @see https://docs.slack.dev/reference/methods/reactions.add */
function react(context: MethodContext, params: Params, on: boolean): Record<string, unknown> {
  const name = text(params, 'name');
  if (name === undefined || !isEmojiName(name)) throw new SlackApiError('invalid_name');
  const room = writableRoom(context, params);
  const ts = text(params, 'timestamp');
  if (ts === undefined) throw new SlackApiError('no_item_specified');
  const message = room.message(ts);
  const bot = context.state.users.get(context.state.app.botUserId);
  if (!message || !bot) throw new SlackApiError('message_not_found');
  room.react(message, bot, name, on);
  return {};
}
