import type { Params } from '../../telegram/params.js';
import { checkedBlocks } from '../blocks.js';
import { SlackApiError } from '../errors.js';
import type { Block, StoredMessage } from '../types.js';
import { toMessage } from '../wire.js';
import {
  flag,
  type Method,
  type MethodContext,
  metadataIn,
  roomIn,
  structure,
  text,
  writableRoom,
} from './method.js';

/** Characters of `text` that a post keeps. @see https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const POST_LENGTH = 40_000;

/** Characters of `text` that an update takes. @see https://docs.slack.dev/reference/methods/chat.update */
const UPDATE_LENGTH = 4_000;

export const postMessage: Method = (context, params) => {
  const room = writableRoom(context, params);
  const words = wordsIn(params);
  if (words.text === '' && !words.blocks?.length) throw new SlackApiError('no_text');
  const metadata = metadataIn(params);
  const message = room.post({
    userId: context.state.app.botUserId,
    text: words.text.slice(0, POST_LENGTH),
    ...(words.blocks?.length && { blocks: words.blocks }),
    ...(metadata && { metadata }),
    ...(flag(params, 'mrkdwn') === false && { mrkdwn: false as const }),
    ...parseIn(params, 'none'),
    threadTs: text(params, 'thread_ts'),
  });
  return { channel: room.channel.id, ts: message.ts, message: toMessage(room, message, { metadata: true }) };
};

export const update: Method = (context, params) => {
  const room = writableRoom(context, params);
  const message = ownMessage(context, params, 'cant_update_message');
  const words = wordsIn(params);
  if (words.text.length > UPDATE_LENGTH) throw new SlackApiError('msg_too_long');
  if (words.text === '' && !words.blocks?.length) throw new SlackApiError('no_text');
  // Blocks that are not spoken of stay.
  const change = {
    text: words.text,
    ...(words.blocks && { blocks: words.blocks }),
    ...parseIn(params, 'client'),
  };
  // How the message was posted does not go on: unless it says so again, the text is formatted and looked through.
  const { mrkdwn: _, parse: __, ...rest } = message;
  const after = room.edit(rest, change, context.state.app.botId);
  return { channel: room.channel.id, ts: after.ts, text: after.text, message: toMessage(room, after) };
};

export const remove: Method = (context, params) => {
  const room = writableRoom(context, params);
  const message = ownMessage(context, params, 'cant_delete_message');
  room.remove(message);
  return { channel: room.channel.id, ts: message.ts };
};

export const getPermalink: Method = (context, params) => {
  const room = roomIn(context, params);
  const message = room.message(text(params, 'message_ts') ?? '');
  if (!message) throw new SlackApiError('message_not_found');
  const { domain } = context.state.team;
  return {
    channel: room.channel.id,
    permalink: `https://${domain}.slack.com/archives/${room.channel.id}/p${message.ts.replace('.', '')}`,
  };
};

function wordsIn(params: Params): { text: string; blocks: Block[] | undefined } {
  return {
    text: text(params, 'text') ?? '',
    blocks: checkedBlocks(structure(params, 'blocks', 'invalid_blocks_format')),
  };
}

/** @see https://docs.slack.dev/reference/methods/chat.update */
function parseIn(params: Params, otherwise: 'none' | 'client'): Pick<StoredMessage, 'parse'> {
  const parse = text(params, 'parse') ?? otherwise;
  if (flag(params, 'link_names') === true) return { parse: 'full' };
  return parse === 'client' || parse === 'full' ? { parse } : {};
}

function ownMessage(context: MethodContext, params: Params, otherwise: string): StoredMessage {
  const message = roomIn(context, params).message(text(params, 'ts') ?? '');
  if (!message) throw new SlackApiError('message_not_found');
  if (message.userId !== context.state.app.botUserId) throw new SlackApiError(otherwise);
  return message;
}
