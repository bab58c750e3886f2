import type { PocketPing, VisitorActor } from '@pocketping/core';
import type { Populated, Population, Visitor } from './control.js';

/** So many at the same time, as a busy server would have them. */
const AT_ONCE = 100;

/** Lets visitors arrive and write, through the engine itself. */
export async function populate(pp: PocketPing, { sessions, longSession }: Population): Promise<Populated> {
  const visitors: Visitor[] = [];
  while (visitors.length < sessions) {
    const arriving = Array.from({ length: Math.min(AT_ONCE, sessions - visitors.length) }, (_, i) =>
      arrival(pp, `visitor-${visitors.length + i}`),
    );
    visitors.push(...(await Promise.all(arriving)));
  }
  return { visitors, ...(longSession > 0 && { long: await talk(pp, longSession) }) };
}

async function arrival(pp: PocketPing, visitorId: string): Promise<Visitor> {
  const { session, token = '' } = await pp.conversation.connect({ visitorId, metadata: PAGE }, {});
  const actor = await pp.conversation.authenticate(token);
  const { seq } = await write(pp, actor, session.id, 0);
  return { sessionId: session.id, token, seq };
}

/** A conversation in which visitor and team take turns. */
async function talk(pp: PocketPing, messages: number): Promise<Visitor> {
  const visitor = await arrival(pp, 'visitor-who-stays');
  const { sessionId, token } = visitor;
  const actor = await pp.conversation.authenticate(token);
  let seq = visitor.seq;
  for (let written = 1; written < messages; written += 2) {
    await pp.sendMessage(sessionId, { content: `We are looking into it: step ${written}.` });
    seq = (await write(pp, actor, sessionId, written)).seq;
  }
  return { sessionId, token, seq };
}

const write = (pp: PocketPing, actor: VisitorActor, sessionId: string, count: number) =>
  pp.conversation.send(actor, {
    sessionId,
    content: `Hello! This is what I wanted to know, part ${count}.`,
    clientMessageId: `seed-${count}`,
  });

const PAGE = { url: 'https://www.example.com/pricing', language: 'en-GB', timezone: 'Europe/Madrid' };
