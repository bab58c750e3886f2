import type { BotMembership, Place } from './state.js';
import type { ChatMember, User } from './types.js';

/** Whether the bot has the right: only administrators have rights. */
export const may = ({ chat }: Place, right: Exclude<keyof BotMembership, 'status'>): boolean =>
  chat.membership.status === 'administrator' && chat.membership[right];

/** The bot as a member of the chat. @see https://core.telegram.org/bots/api#chatmember */
export function botMember(place: Place): ChatMember {
  const { state, chat } = place;
  const { status } = chat.membership;
  const user = state.bot;
  switch (status) {
    case 'kicked':
      return { user, status, until_date: 0 };
    case 'administrator':
      return {
        user,
        status,
        can_be_edited: false,
        ...rightsIn(place),
        can_delete_messages: may(place, 'can_delete_messages'),
        ...(chat.type === 'supergroup' ? { can_manage_topics: may(place, 'can_manage_topics') } : {}),
      };
    default:
      return { user, status };
  }
}

/** Somebody as a member of the chat. The first person of a group owns it; the others are administrators. */
export function memberOf(place: Place, user: User): ChatMember {
  const { state, chat } = place;
  if (user.id === state.bot.id) return botMember(place);
  if (chat.type === 'private') return { user, status: 'member' };
  if (!chat.people.includes(user.id)) return { user, status: 'left' };
  return chat.people[0] === user.id
    ? { user, status: 'creator', is_anonymous: false }
    : { user, status: 'administrator', can_be_edited: false, ...rightsIn(place) };
}

const rightsIn = ({ chat }: Place) => ({
  can_manage_chat: true,
  can_change_info: false,
  can_delete_messages: true,
  can_invite_users: true,
  can_restrict_members: false,
  can_pin_messages: true,
  ...(chat.type === 'supergroup' ? { can_manage_topics: true } : {}),
  can_promote_members: false,
  can_manage_video_chats: false,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  is_anonymous: false,
});
