import { badRequest } from '../errors.js';
import { isObject, object, type Params, structure, text } from '../params.js';
import type { EmulatorState } from '../state.js';
import type { BotCommand } from '../types.js';
import type { Method } from './method.js';

/** @see https://core.telegram.org/bots/api#setmycommands */
export const setMyCommands: Method = ({ forum }, params) => {
  const list = structure(params, 'commands');
  if (!Array.isArray(list)) throw badRequest("can't parse commands list: expected an Array");
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  forum.setCommands(audience(params), list.map(command));
  return true;
};

/** @see https://core.telegram.org/bots/api#getmycommands */
export const getMyCommands: Method = ({ forum }, params) => forum.state.commands.get(audience(params)) ?? [];

/**
 * What members of the group are offered: the narrowest scope that has commands.
 * @see https://core.telegram.org/bots/api#determining-list-of-commands
 */
export function offeredCommands({ commands, chat }: EmulatorState): readonly BotCommand[] {
  const scopes = [
    `chat_administrators:${chat.id}`,
    `chat:${chat.id}`,
    'all_chat_administrators',
    'all_group_chats',
    'default',
  ];
  return scopes.map((scope) => commands.get(`${scope}|`)).find((list) => list && list.length > 0) ?? [];
}

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
