import type { Command } from './command.js';

export const offline: Command = {
  name: 'offline',
  summary: 'Show visitors that you are away',
  run: async ({ engine, bridge, operator, prefix }) => ({
    reply: `You are offline, ${operator.name}. Messages still arrive here; ${prefix}online when you are back.`,
    write: { state: [engine.presence.set(bridge, operator, false)] },
    presence: true,
  }),
};
