import type { LogEvent } from '@pocketping/core';
import type { App } from '../apps/app.js';
import type { Given } from '../ledger.js';
import type { Case } from './evidence.js';

const ALL = 1_000_000;

/** Every command had its effect, or was answered. */
export const checkCommands = async (found: Case): Promise<void> => {
  const { ledger, storage, wrong } = found;
  for (const given of ledger.given) {
    const { command, sessionId, app } = given;
    const log = (await storage.events(sessionId, { after: 0, limit: ALL })).map(({ event }) => event);
    // What was given in a thread shortly before it was lost was perhaps never heard.
    if (ledger.lost.some((one) => one.app === app && one.thread === given.thread)) continue;
    const answer = ANSWERS[command.name];
    const isDone = answer !== undefined && isAnswered(given, answer);
    if (!isDone && !isLogged(given, log)) {
      wrong(
        `nothing came of ${command.name}, given by ${command.operator.name} as ${given.id} in ${given.thread} on ${app.name}`,
      );
    }
  }
  await checkPresence(found);
};

/** How a command is answered, where it is. */
const ANSWERS: Readonly<Partial<Record<Given['command']['name'], RegExp>>> = {
  read: /Read: the visitor sees it|is read already/,
  status: /Open conversations: \d+/,
  online: /You are online/,
  offline: /You are offline/,
  close: /is closed already/,
};

/**
 * The answer stands in the thread. It may be missing where the thread is, or where the platform left it unconfirmed or
 * refused it: an answer is not repeated for ever.
 */
const isAnswered = ({ app, thread, id }: Given, answer: RegExp): boolean => {
  const place = app.threads().find((one) => one.id === thread);
  if (!place) return true;
  const isThere = place.messages.some(
    ({ byBot, text, replyTo }) => byBot && answer.test(text) && (replyTo === undefined || replyTo === id),
  );
  return (
    isThere ||
    app.calls().some((call) => call.thread === thread && answer.test(call.text) && call.faults.length > 0)
  );
};

const EVENTS: Readonly<Partial<Record<Given['command']['name'], LogEvent['type']>>> = {
  who: 'card_requested',
  close: 'session_closed',
};

const isLogged = ({ command, app }: Given, log: readonly LogEvent[]): boolean =>
  log.some(
    ({ type, actor }) =>
      type === EVENTS[command.name] && actor.via === app.name && actor.id === app.idOf(command.operator.name),
  );

/** Everybody is as available as they said last. */
const checkPresence = async ({ storage, plan, apps, wrong }: Case): Promise<void> => {
  const states = await storage.states('presence');
  for (const { name, app, leaves } of plan.team) {
    const key = `${app}/${(apps.find((each) => each.name === app) as App).idOf(name)}`;
    const { online } = (states.find((state) => state.key === key)?.value ?? {}) as { online?: boolean };
    if (online !== !leaves) wrong(`${name} is ${online ? 'online' : 'offline'}, and should not be`);
  }
};
