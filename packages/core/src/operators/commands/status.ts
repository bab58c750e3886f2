import type { Command } from './command.js';

const COUNTED = 100;

export const status: Command = {
  name: 'status',
  summary: 'Who is online, and how many conversations are open',
  run: async ({ engine, session }) => {
    const { operators } = engine.presence.current();
    const open = await engine.storage.sessions({ status: 'open', reached: true, limit: COUNTED + 1 });
    const lines = [
      operators.length > 0 ? `Online: ${operators.join(', ')}` : 'Nobody is online.',
      `Open conversations: ${open.length > COUNTED ? `more than ${COUNTED}` : open.length}`,
    ];
    if (session) lines.push(`This conversation: ${describe[session.status]}`);
    const visitor = session && (await engine.storage.visitor({ id: session.visitorId }));
    if (visitor?.blockedAt !== undefined) lines.push('This visitor is blocked.');
    return { reply: lines.join('\n') };
  },
};

const describe = {
  open: 'open',
  closed: 'closed; the next message reopens it',
  ended: 'ended by the visitor',
} as const;
