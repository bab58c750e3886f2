import { badRequest } from '../errors.js';
import { may } from '../membership.js';
import type { Params } from '../params.js';
import type { Room } from '../room.js';
import { GENERAL } from '../state.js';
import type { Method, MethodContext } from './method.js';
import { forumOf, topicName } from './topics.js';

/** @see https://core.telegram.org/bots/api#editgeneralforumtopic */
export const editGeneralForumTopic: Method = (context, params) => {
  const room = managed(context, params, 'edit');
  const name = topicName(params);
  if (!name) throw badRequest('title must be non-empty');
  room.editTopic(room.bot, room.topic(GENERAL)!, { name });
  return true;
};

/** @see https://core.telegram.org/bots/api#closegeneralforumtopic */
export const closeGeneralForumTopic: Method = (context, params) => {
  const room = managed(context, params, 'close');
  room.setClosed(room.bot, room.topic(GENERAL)!, true);
  return true;
};

/** Shows General again if it was hidden. @see https://core.telegram.org/bots/api#reopengeneralforumtopic */
export const reopenGeneralForumTopic: Method = (context, params) => {
  const room = managed(context, params, 'reopen');
  room.setClosed(room.bot, room.topic(GENERAL)!, false);
  return true;
};

/** Closes General if it was open. @see https://core.telegram.org/bots/api#hidegeneralforumtopic */
export const hideGeneralForumTopic: Method = (context, params) => {
  const room = managed(context, params, 'hide');
  room.setGeneralHidden(room.bot, true);
  return true;
};

/** @see https://core.telegram.org/bots/api#unhidegeneralforumtopic */
export const unhideGeneralForumTopic: Method = (context, params) => {
  const room = managed(context, params, 'unhide');
  room.setGeneralHidden(room.bot, false);
  return true;
};

function managed(context: MethodContext, params: Params, what: string): Room {
  const room = forumOf(context, params);
  if (!may(room, 'can_manage_topics')) throw badRequest(`not enough rights to ${what} the topic`);
  return room;
}
