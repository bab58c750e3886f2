import { setTimeout as pause } from 'node:timers/promises';
import { PocketPingError } from '../../../packages/widget/src/client/errors.js';
import type { Visitor } from '../../kill/visitor.js';
import type { Ledger, Said } from '../ledger.js';
import type { Saying } from '../plan.js';
import type { Timetable } from '../timetable.js';
import { fileOf, tokensIn } from '../words.js';

/** A visitor says what the plan has them say, changes it, and takes it back. Resolves when all of that was accepted. */
export const visit = async (
  visitor: Visitor,
  sayings: readonly Saying[],
  { ledger, time }: { readonly ledger: Ledger; readonly time: Timetable },
): Promise<void> => {
  const { client } = visitor;
  await time.until(() => client.state().sessionId !== undefined, 'a visitor has a session');
  const ends: Promise<void>[] = [];
  for (const saying of sayings) {
    await time.at(saying.at);
    const target = saying.answers === undefined ? undefined : shownAs(visitor, saying.answers);
    // What is said next waits for the file: a visitor's words stand in the order in which they were said.
    const sent = saying.withFile
      ? Promise.resolve(await sendWithFile(visitor, saying, target))
      : client.sendMessage(saying.texts[0] ?? '', target);
    const said = ledger.say({
      saying,
      sessionId: client.state().sessionId ?? '',
      at: Date.now(),
      version: 0,
      ...(target !== undefined && { answered: { number: saying.answers ?? 0 } }),
    });
    ends.push(sent.then((messageId) => changeMind(visitor, said, messageId, time)));
  }
  await Promise.all(ends);
};

/** Chooses a file, and sends it once it is uploaded: again and again, for the server may be dead. @returns the message's id */
const sendWithFile = async (
  visitor: Visitor,
  saying: Saying,
  target: string | undefined,
): Promise<string> => {
  const { client } = visitor;
  const { name, bytes } = fileOf(saying);
  client.files.add([new File([bytes], name)]);
  while (!(await client.sendWithFiles(saying.texts[0] ?? '', target))) {
    for (const { key, failure } of client.state().files) if (failure) client.files.retry(key);
    await pause(100);
  }
  for (;;) {
    const messageId = shownAs(visitor, saying.number);
    if (messageId !== undefined) return messageId;
    await pause(20);
  }
};

const changeMind = async (
  { client }: Visitor,
  said: Said,
  messageId: string,
  time: Timetable,
): Promise<void> => {
  said.messageId = messageId;
  const { edits, texts, removal } = said.saying;
  for (const [index, at] of edits.entries()) {
    await time.at(at);
    await insisting(() => client.editMessage(messageId, texts[index + 1] ?? ''));
    said.version = index + 1;
  }
  if (removal === undefined) return;
  await time.at(removal);
  await insisting(() => client.deleteMessage(messageId));
  said.removedAt = Date.now();
};

/** The message that shows an utterance on the visitor's page, if one does. */
const shownAs = ({ client }: Visitor, number: number): string | undefined =>
  client
    .state()
    .messages.find(({ content }) => tokensIn(content).some(({ utterance }) => utterance === number))?.id;

/** A change is made again until it is accepted: the server may be dead, or its answer lost. */
const insisting = async (change: () => Promise<void>): Promise<void> => {
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof PocketPingError) || !error.retryable) throw error;
      await pause(100);
    }
  }
};
