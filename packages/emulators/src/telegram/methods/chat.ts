import { badRequest } from '../errors.js';
import { memberOf } from '../membership.js';
import { integer } from '../params.js';
import { toChat } from '../wire.js';
import { chatOf, type Method } from './method.js';

/** @see https://core.telegram.org/bots/api#getme */
export const getMe: Method = ({ state }) => ({
  ...state.bot,
  can_join_groups: true,
  can_read_all_group_messages: !state.privacy,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
});

/** @see https://core.telegram.org/bots/api#chatfullinfo */
export const getChat: Method = (context, params) => {
  const room = chatOf(context, params, 'read');
  return {
    ...toChat(room),
    ...(room.chat.type === 'private' ? {} : { permissions: memberPermissions }),
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
    ...(room.chat.type === 'supergroup' ? { join_to_send_messages: true } : {}),
    max_reaction_count: 11,
    accent_color_id: 3,
  };
};

/** @see https://core.telegram.org/bots/api#getchatmember */
export const getChatMember: Method = (context, params) => {
  const room = chatOf(context, params);
  const id = integer(params, 'user_id');
  if (id === undefined) throw badRequest('invalid user_id specified');
  const user = context.state.users.get(id);
  if (!user) throw badRequest('member not found');
  return memberOf(room, user);
};

/** @see https://core.telegram.org/bots/api#getchatadministrators */
export const getChatAdministrators: Method = (context, params) => {
  const room = chatOf(context, params);
  if (room.chat.type === 'private') throw badRequest('there are no administrators in the private chat');
  const { state } = context;
  return [room.bot, ...room.chat.people.map((id) => state.users.get(id)!)]
    .map((user) => memberOf(room, user))
    .filter(({ status }) => status === 'creator' || status === 'administrator');
};

/** The bot leaves a group. @see https://core.telegram.org/bots/api#leavechat */
export const leaveChat: Method = (context, params) => {
  const room = chatOf(context, params);
  if (room.chat.type === 'private') throw badRequest("chat can't be left");
  room.setMembership(room.bot, { status: 'left' });
  return true;
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
