import { isObject, type Params } from '../../telegram/params.js';
import { SlackApiError } from '../errors.js';
import type { Files } from '../files.js';
import type { Room } from '../room.js';
import type { WorkspaceState } from '../state.js';
import type { StoredMessage } from '../types.js';
import type { Workspace } from '../workspace.js';

export interface MethodContext {
  readonly state: WorkspaceState;
  readonly workspace: Workspace;
  readonly files: Files;
  /** A new address for Socket Mode. */
  readonly connectionUrl: () => string;
}

export type Method = (context: MethodContext, params: Params) => Readonly<Record<string, unknown>>;

export interface MethodEntry {
  readonly method: Method;
  /** What the bot's token has to be allowed, any of these; nothing for what every token may do. */
  readonly scopes?: readonly string[];
  /** An app-level token calls it. */
  readonly app?: true;
}

export const text = (params: Params, name: string): string | undefined => {
  const value = params[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
};

export const flag = (params: Params, name: string): boolean | undefined => {
  const value = text(params, name);
  return value === undefined ? undefined : ['true', '1'].includes(value.toLowerCase());
};

/** A whole number from 1 to `most`. @throws SlackApiError `invalid_limit` */
export const limit = (params: Params, usual: number, most: number): number => {
  const value = Number(text(params, 'limit') ?? usual);
  if (!Number.isInteger(value) || value < 1) throw new SlackApiError('invalid_limit');
  return Math.min(value, most);
};

/** JSON, or what already is. @throws SlackApiError with `error` */
export const structure = (params: Params, name: string, error: string): unknown => {
  const value = params[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackApiError(error);
  }
};

export const metadataIn = (params: Params): StoredMessage['metadata'] | undefined => {
  const value = structure(params, 'metadata', 'invalid_metadata_format');
  if (value === undefined) return undefined;
  if (!isObject(value) || typeof value.event_type !== 'string' || !isObject(value.event_payload)) {
    throw new SlackApiError('invalid_metadata_schema');
  }
  return { event_type: value.event_type, event_payload: value.event_payload };
};

/** The channel that is meant, as far as the bot knows it. @throws SlackApiError `channel_not_found` */
export const roomIn = ({ workspace }: MethodContext, params: Params): Room => {
  const room = workspace.room(text(params, 'channel') ?? '');
  if (!room || (room.channel.isPrivate && !room.channel.hasBot)) throw new SlackApiError('channel_not_found');
  return room;
};

/** One in which the bot may write. @throws SlackApiError */
export const writableRoom = (context: MethodContext, params: Params): Room => {
  const room = roomIn(context, params);
  if (room.channel.isArchived) throw new SlackApiError('is_archived');
  if (!room.channel.hasBot) throw new SlackApiError('not_in_channel');
  return room;
};
