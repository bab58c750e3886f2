import type { App } from '../apps/app.js';
import type { Ledger, Said } from '../ledger.js';
import type { Command, Saying } from '../plan.js';
import type { Timetable } from '../timetable.js';
import { fileOf, tokensIn } from '../words.js';

/** What the team does in one conversation on one platform. */
export interface Work {
  readonly app: App;
  readonly sayings: readonly Saying[];
  readonly commands: readonly Command[];
  /** The conversation, once it has begun. */
  readonly sessionId: () => string | undefined;
}

/** Types in the conversation's thread what the plan says, one after another, and changes it. Resolves when all is done. */
export const attend = async (
  { app, sayings, commands, sessionId }: Work,
  { ledger, time }: { readonly ledger: Ledger; readonly time: Timetable },
): Promise<void> => {
  const acts = [
    ...sayings.map((saying) => ({ at: saying.at, perform: (thread: Place) => say(thread, saying) })),
    ...commands.map((command) => ({ at: command.at, perform: (thread: Place) => order(thread, command) })),
  ].sort((left, right) => left.at - right.at);
  const ends: Promise<void>[] = [];
  for (const { at, perform } of acts) {
    await time.at(at);
    await time.until(() => {
      const session = sessionId();
      return session !== undefined && app.threadOf(session) !== undefined;
    }, `conversation ${sessionId()} has a thread on ${app.name} at ${at}`);
    const session = sessionId() as string;
    const place = { app, ledger, time, sessionId: session, thread: app.threadOf(session) as string };
    ends.push(perform(place));
  }
  await Promise.all(ends);
};

interface Place {
  readonly app: App;
  readonly ledger: Ledger;
  readonly time: Timetable;
  readonly sessionId: string;
  readonly thread: string;
}

/** Begins at once, so that what is typed first stands first. */
const say = async (place: Place, saying: Saying): Promise<void> => {
  const { app, ledger, sessionId, thread } = place;
  const { operator, isNote, editFirst } = saying;
  const who = operator?.name ?? '';
  const [text = ''] = saying.texts;
  const post = saying.answers === undefined || isNote ? undefined : postOf(place, saying.answers);
  const letGo = editFirst ? app.editFirst() : () => {};
  const id = isNote
    ? app.command(who, thread, 'note', text)
    : saying.withFile
      ? app.send(who, thread, text, fileOf(saying), post)
      : app.type(who, thread, text, post);
  const said = ledger.say({
    saying,
    sessionId,
    typed: { app, thread, id },
    at: Date.now(),
    version: 0,
    ...(post !== undefined && { answered: { number: saying.answers ?? 0, post } }),
  });
  await changeMind(place, said, id, letGo);
};

/** Telegram and Slack tell the versions of a message apart by the second, where they are not heard in order. */
const SECOND_MS = 1100;

const changeMind = async (place: Place, said: Said, id: string, letGo: () => void): Promise<void> => {
  const { app, time, thread } = place;
  const { edits, texts, removal, operator, editFirst } = said.saying;
  const who = operator?.name ?? '';
  const ready = (at: number) =>
    time.at(Math.max(at, Date.now() - time.began + (app.name === 'discord' ? 0 : SECOND_MS)));
  for (const [index, at] of edits.entries()) {
    const atOnce = index === 0 && editFirst;
    if (!atOnce) await ready(at);
    else if (app.name === 'telegram') await ready(0);
    // It may have been lost with its thread.
    if (app.stands(id)) {
      app.edit(who, thread, id, texts[index + 1] ?? '');
      said.version = index + 1;
    }
    letGo();
  }
  if (removal === undefined) return;
  await ready(removal);
  if (!app.stands(id)) return;
  app.erase(who, thread, id);
  said.removedAt = Date.now();
};

const order = async ({ app, ledger, sessionId, thread }: Place, command: Command): Promise<void> => {
  const id = app.command(command.operator.name, thread, command.name);
  ledger.given.push({ command, sessionId, app, thread, id });
};

/** The post in this thread that shows an utterance, if one does. */
const postOf = ({ app, ledger, thread }: Place, number: number): string | undefined => {
  const typed = ledger.said.get(number)?.typed;
  if (typed?.app === app) return typed.thread === thread && app.stands(typed.id) ? typed.id : undefined;
  return app
    .threads()
    .find(({ id }) => id === thread)
    ?.messages.find(
      ({ byBot, text }) => byBot && tokensIn(text).some(({ utterance }) => utterance === number),
    )?.id;
};
