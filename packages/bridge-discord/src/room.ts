import type { Bridge, Call, Note, Pacing, Part, SessionCard, ThreadRef } from '@pocketping/core';
import type { Run } from '@pocketping/core/rendering';
import type { GuildBasedChannel, PermissionResolvable } from 'discord.js';
import type { Desk } from './desk.js';
import type { Hearing } from './parse.js';

/** Where the team answers: what differs between threads, a channel that all share, and a webhook. */
export interface Room {
  readonly pacing: Pacing;
  readonly desk: Desk;
  readonly threadless?: true;
  readonly closing?: NonNullable<Bridge['closing']>;
  readonly titles?: NonNullable<Bridge['titles']>;
  open(card: SessionCard, call: Call): Promise<ThreadRef>;
  render(note: Note, card: SessionCard): Part[];
  /** What the bridge says by itself, in a thread or outside of any. */
  remark(runs: readonly Run[], threadId: string | undefined): Part;
  /** The room can be listened to. */
  readonly ears?: Ears;
}

export interface Ears {
  readonly hearing: Hearing;
  /** What the bot must be allowed in the channel. */
  readonly permissions: readonly PermissionResolvable[];
  /** Who the bot is, and what the channel is, as the gateway tells. @throws BridgeError `misconfigured` for a channel that does not fit */
  meet(botId: string, channel: Pick<GuildBasedChannel, 'type' | 'flags'>): void;
}
