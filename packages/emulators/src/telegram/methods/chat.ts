import { badRequest } from '../errors.js';
import type { Forum } from '../forum.js';
import { integer } from '../params.js';
import type { BotMembership } from '../state.js';
import type { ChatMember, User } from '../types.js';
import { toChat } from '../wire.js';
import { inChat, type Method } from './method.js';

/** @see https://core.telegram.org/bots/api#getme */
export const getMe: Method = ({ forum }) => ({
  ...forum.bot,
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
});

/** @see https://core.telegram.org/bots/api#chatfullinfo */
export const getChat: Method = (context, params) => {
  inChat(context, params);
  return {
    ...toChat(context.forum.state),
    permissions: memberPermissions,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
    join_to_send_messages: true,
    max_reaction_count: 11,
    accent_color_id: 3,
  };
};

/** @see https://core.telegram.org/bots/api#getchatmember */
export const getChatMember: Method = (context, params) => {
  inChat(context, params);
  const id = integer(params, 'user_id');
  if (id === undefined) throw badRequest('invalid user_id specified');
  const user = context.forum.state.users.get(id);
  if (!user) throw badRequest('member not found');
  return memberOf(context.forum, user);
};

/** @see https://core.telegram.org/bots/api#getchatadministrators */
export const getChatAdministrators: Method = (context, params) => {
  inChat(context, params);
  return [...context.forum.state.users.values()].map((user) => memberOf(context.forum, user));
};

/** The bot as a member of the group with the given rights. */
export function botMember(forum: Forum, membership: BotMembership): ChatMember {
  if (membership.status === 'kicked') return { user: forum.bot, status: 'kicked', until_date: 0 };
  const { can_manage_topics, can_delete_messages } = membership;
  return {
    user: forum.bot,
    status: 'administrator',
    can_be_edited: false,
    ...administratorRights,
    can_manage_topics,
    can_delete_messages,
  };
}

/** The first person of the group owns it; the others are administrators. */
function memberOf(forum: Forum, user: User): ChatMember {
  if (user.is_bot) return botMember(forum, forum.state.membership);
  const owner = [...forum.state.users.values()].find((one) => !one.is_bot);
  return owner?.id === user.id
    ? { user, status: 'creator', is_anonymous: false }
    : { user, status: 'administrator', can_be_edited: false, ...administratorRights };
}

const administratorRights = {
  can_manage_chat: true,
  can_change_info: false,
  can_delete_messages: true,
  can_invite_users: true,
  can_restrict_members: false,
  can_pin_messages: true,
  can_manage_topics: true,
  can_promote_members: false,
  can_manage_video_chats: false,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  is_anonymous: false,
};

const memberPermissions = {
  can_send_messages: true,
  can_send_media_messages: true,
  can_send_audios: true,
  can_send_documents: true,
  can_send_photos: true,
  can_send_videos: true,
  can_send_video_notes: true,
  can_send_voice_notes: true,
  can_send_polls: true,
  can_send_other_messages: true,
  can_add_web_page_previews: true,
  can_change_info: false,
  can_invite_users: true,
  can_pin_messages: false,
  can_manage_topics: false,
};
