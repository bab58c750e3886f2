import type { Command } from './command.js';

export const online: Command = {
  name: 'online',
  summary: 'Show visitors that you are available',
  run: async ({ engine, bridge, operator }) => ({
    reply: `You are online, ${operator.name}. Visitors see that somebody is there.`,
    write: { state: [engine.presence.set(bridge, operator, true)] },
    presence: true,
  }),
};
