import { badRequest } from '../errors.js';
import { isObject, object, type Params, structure, text } from '../params.js';
import type { ChatType, Place } from '../state.js';
import type { BotCommand } from '../types.js';
import type { Method } from './method.js';

/** @see https://core.telegram.org/bots/api#setmycommands */
export const setMyCommands: Method = ({ rooms }, params) => {
  const list = structure(params, 'commands');
  if (!Array.isArray(list)) throw badRequest("can't parse commands list: expected an Array");
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  rooms.setCommands(audience(params), list.map(command));
  return true;
};

/** @see https://core.telegram.org/bots/api#getmycommands */
export const getMyCommands: Method = ({ state }, params) => state.commands.get(audience(params)) ?? [];

/**
 * What people are offered in a chat: the narrowest scope that has commands.
 * @see https://core.telegram.org/bots/api#determining-list-of-commands
 */
export function offeredCommands({ state, chat }: Place): readonly BotCommand[] {
  const scopes = scopesOf(chat.type, chat.id);
  return scopes.map((scope) => state.commands.get(`${scope}|`)).find((list) => list && list.length > 0) ?? [];
}

const scopesOf = (type: ChatType, id: number): readonly string[] =>
  type === 'private'
    ? [`chat:${id}`, 'all_private_chats', 'default']
    : [`chat_administrators:${id}`, `chat:${id}`, 'all_chat_administrators', 'all_group_chats', 'default'];

/** Key of a list of commands: its scope, the chat if the scope has one, and its language. */
function audience(params: Params): string {
  const scope = object(params, 'scope');
  const type = scope ? (text(scope, 'type') ?? 'default') : 'default';
  const chat = scope && text(scope, 'chat_id');
  return `${chat ? `${type}:${chat}` : type}|${text(params, 'language_code') ?? ''}`;
}

function command(entry: unknown): BotCommand {
  if (!isObject(entry)) throw badRequest("can't parse BotCommand: expected an Object");
  const name = text(entry, 'command')?.replace(/^\//, '').toLowerCase() ?? '';
  const description = text(entry, 'description')?.trim() ?? '';
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID');
  if (description === '' || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  return { command: name, description };
}
