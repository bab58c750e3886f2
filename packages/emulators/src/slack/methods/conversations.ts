import type { Params } from '../../telegram/params.js';
import { SlackApiError } from '../errors.js';
import type { StoredMessage } from '../types.js';
import { isTopLevel, repliesTo, toChannel, toMessage } from '../wire.js';
import { flag, limit, type Method, roomIn, text } from './method.js';

export const info: Method = (context, params) => ({ channel: toChannel(roomIn(context, params)) });

export const join: Method = (context, params) => {
  const room = roomIn(context, params);
  if (room.channel.isPrivate) throw new SlackApiError('method_not_supported_for_channel_type');
  if (room.channel.isArchived) throw new SlackApiError('is_archived');
  room.set({ hasBot: true });
  return { channel: toChannel(room) };
};

/** Newest first. @see https://docs.slack.dev/reference/methods/conversations.history */
export const history: Method = (context, params) => {
  const room = readable(context, params);
  const all = room.topLevel().filter(within(params)).reverse();
  const page = paged(all, params, limit(params, 100, 999));
  return {
    messages: page.items.map((message) => toMessage(room, message, { metadata: wantsMetadata(params) })),
    ...page.answer,
    pin_count: 0,
    channel_actions_ts: null,
    channel_actions_count: 0,
  };
};

/** Oldest first; the first page begins with the message that the thread began with. @see https://docs.slack.dev/reference/methods/conversations.replies */
export const replies: Method = (context, params) => {
  const room = readable(context, params);
  const asked = room.channel.messages.get(text(params, 'ts') ?? '');
  if (!asked || asked.deleted === 'gone') throw new SlackApiError('thread_not_found');
  const parent = room.channel.messages.get(asked.threadTs ?? asked.ts) ?? asked;
  if (!isTopLevel(parent)) throw new SlackApiError('thread_not_found');
  const page = paged(repliesTo(room, parent.ts).filter(within(params)), params, limit(params, 1000, 1000));
  const first = page.offset === 0 ? [parent] : [];
  return {
    messages: [...first, ...page.items].map((message) =>
      toMessage(room, message, { metadata: wantsMetadata(params) }),
    ),
    ...page.answer,
  };
};

const readable: (...call: Parameters<Method>) => ReturnType<typeof roomIn> = (context, params) => {
  const room = roomIn(context, params);
  if (!room.channel.hasBot) throw new SlackApiError('not_in_channel');
  return room;
};

const wantsMetadata = (params: Params): boolean => flag(params, 'include_all_metadata') ?? false;

function within(params: Params): (message: StoredMessage) => boolean {
  const [oldest, latest] = [Number(text(params, 'oldest') ?? 0), Number(text(params, 'latest') ?? Infinity)];
  if (Number.isNaN(oldest)) throw new SlackApiError('invalid_ts_oldest');
  if (Number.isNaN(latest)) throw new SlackApiError('invalid_ts_latest');
  const inclusive = flag(params, 'inclusive') ?? false;
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

/** @see https://docs.slack.dev/apis/web-api/pagination */
function paged(all: readonly StoredMessage[], params: Params, size: number) {
  const offset = offsetIn(text(params, 'cursor'));
  const items = all.slice(offset, offset + size);
  const more = offset + size < all.length;
  return {
    offset,
    items,
    answer: {
      has_more: more,
      response_metadata: { next_cursor: more ? btoa(`next:${offset + size}`) : '' },
    },
  };
}

function offsetIn(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]);
  if (!Number.isInteger(offset)) throw new SlackApiError('invalid_cursor');
  return offset;
}
