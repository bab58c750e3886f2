import type { Room } from './room.js';
import { type SlackSeen, seen } from './snapshot.js';
import { repliesTo } from './wire.js';

/** What people see of a channel, oldest first. */
export const flowOf = (room: Room): SlackSeen[] => room.topLevel().map((message) => seen(room, message));

export const repliesIn = (room: Room, threadTs: string): SlackSeen[] =>
  repliesTo(room, threadTs).map((message) => seen(room, message));

/** A message, even a deleted one. */
export const messageAt = (room: Room, ts: string): SlackSeen | undefined => {
  const message = room.channel.messages.get(ts);
  return message && seen(room, message);
};

/** Messages of the channel and of its threads, without what was deleted. */
export const everythingIn = (room: Room): SlackSeen[] =>
  [...room.channel.messages.values()].filter(({ deleted }) => !deleted).map((message) => seen(room, message));

/** Somebody deletes a thread, all of it. */
export const clearThread = (room: Room, threadTs: string): void => {
  for (const message of repliesTo(room, threadTs)) room.remove(message);
  const parent = room.message(threadTs);
  if (parent) room.remove(parent);
};
