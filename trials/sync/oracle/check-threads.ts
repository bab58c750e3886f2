import type { Message, MessageLink } from '@pocketping/core';
import type { App, SeenFile, SeenMessage, SeenThread } from '../apps/app.js';
import type { Said } from '../ledger.js';
import { fileOf, tokensIn } from '../words.js';
import { describe } from './check-storage.js';
import type { Case, Stored } from './evidence.js';

/** What a platform shows of one conversation. */
interface Look {
  readonly found: Case;
  readonly app: App;
  readonly stored: Stored;
  readonly thread: SeenThread | undefined;
  /** The platform has lost a thread of this conversation. */
  readonly hasLost: boolean;
  /** By the id of the post. */
  readonly posts: ReadonlyMap<string, SeenMessage>;
  readonly linksOf: ReadonlyMap<string, readonly MessageLink[]>;
  readonly deadLetters: ReadonlySet<string>;
}

/** On every platform the conversation's thread shows what everybody else said: once, as it is now, by whom, in order. */
export const checkThreads = async (found: Case): Promise<void> => {
  const letters = new Set((await found.storage.states('dead-letters')).map(({ key }) => key));
  for (const app of found.apps) {
    checkLetters(found, app, letters);
    const threads = app.threads();
    for (const [number, stored] of found.sessions.entries()) {
      const { session, messages } = stored;
      const current = await found.storage.thread({ bridge: app.name, sessionId: session.id });
      const thread = threads.find(({ id }) => id === current?.threadId);
      const hasLost = found.ledger.lost.some((one) => one.app === app && one.sessionId === session.id);
      if (!thread) {
        if (messages.length > 0)
          found.wrong(`conversation ${number} has no thread on ${app.name}: ${JSON.stringify(current)}`);
        continue;
      }
      const linksOf = new Map<string, MessageLink[]>();
      for (const { id } of messages) {
        linksOf.set(id, await found.storage.links({ bridge: app.name, messageId: id }));
      }
      const posts = new Map(thread.messages.filter(({ byBot }) => byBot).map((post) => [post.id, post]));
      const look = { found, app, stored, thread, hasLost, posts, linksOf, deadLetters: letters };
      for (const message of messages) await checkShown(look, message);
      checkOrder(look);
      if (thread.closed !== (session.status === 'closed')) {
        found.wrong(`conversation ${number} is ${session.status}, and not so on ${app.name}: ${thread.id}`);
      }
    }
  }
};

/** A message is a dead letter after it was refused twice, with its markup and without, or left without an answer time and again. */
const checkLetters = ({ wrong }: Case, app: App, letters: ReadonlySet<string>): void => {
  const here = [...letters].filter((key) => key.startsWith(`${app.name}/`));
  const refusals = app.calls().filter(({ faults }) => faults.length > 0).length;
  if (here.length * 2 > refusals) wrong(`${app.name} has dead letters without a cause: ${here.join()}`);
};

const checkShown = async (look: Look, message: Message): Promise<void> => {
  const { found, app, linksOf, posts, hasLost, deadLetters } = look;
  const said = found.utteranceOf.get(message.id);
  if (!said) return;
  const where = `${describe(said)} on ${app.name}`;
  const isTypedHere = said.typed?.app === app;
  const links = (linksOf.get(message.id) ?? []).filter(({ direction }) => direction === 'out');
  const shown = links.flatMap(({ platformId }) => posts.get(platformId) ?? []);
  if (isTypedHere) {
    if (links.length > 0) found.wrong(`${where} is echoed: ${JSON.stringify(links)}`);
    return;
  }
  if (message.deletedAt !== undefined) {
    if (shown.length > 0) found.wrong(`${where} is deleted, and stands there: ${textOf(shown)}`);
    return;
  }
  if (shown.length === 0) {
    // It went with its thread; the new one recaps some of what was said.
    if (hasLost && (links.length > 0 || isRecapped(look, said))) return;
    if (!deadLetters.has(`${app.name}/${message.id}`))
      found.wrong(`${where} is not shown: ${JSON.stringify(links)}`);
    return;
  }
  const own = shown
    .flatMap((post) => post.text.split(BETWEEN))
    .filter((part) => tokensIn(part).at(-1)?.utterance === said.saying.number);
  const [text = ''] = own;
  if (own.length !== 1) found.wrong(`${where} stands there ${own.length} times: ${textOf(shown)}`);
  if (!text.includes(message.content)) found.wrong(`${where} should say "${message.content}": ${text}`);
  if (said.typed && !signed(said, message, text)) found.wrong(`${where} does not say by whom: ${text}`);
  checkAnswers(look, said, message, shown);
  if (said.saying.withFile && !hasLost) {
    const files = shown.flatMap(({ file }) => file ?? []);
    const [file] = files;
    if (!file || files.length > 1 || !(await isItsFile(said, file)))
      found.wrong(`${where} should have its file once: ${files.map(({ name }) => name).join()}`);
  }
};

/** By its name, where the platform shows one, and byte for byte. */
const isItsFile = async ({ saying }: Said, file: SeenFile): Promise<boolean> => {
  const { name, bytes } = fileOf(saying);
  return (file.name ?? name) === name && Buffer.compare(await file.bytes(), bytes) === 0;
};

/** Between messages that share a post. What one of them answers stands above it, quoted. */
const BETWEEN = '\n\n';

const textOf = (posts: readonly SeenMessage[]): string => posts.map(({ text }) => text).join('\n');

/** Who said it, through what, and that it is for the team alone if it is. */
const signed = ({ saying: { isNote, operator } }: Said, { author }: Message, text: string): boolean =>
  text.includes(author.name ?? '') &&
  text.includes(`via ${operator?.app}`) &&
  /private note/i.test(text) === isNote;

const isRecap = ({ text }: SeenMessage): boolean => text.startsWith('📜');

const isRecapped = ({ posts }: Look, { saying }: Said): boolean =>
  [...posts.values()].some(
    (post) => isRecap(post) && tokensIn(post.text).some(({ utterance }) => utterance === saying.number),
  );

/** What a message answers is what its post natively answers, or stands quoted above it. */
const checkAnswers = (look: Look, said: Said, message: Message, shown: readonly SeenMessage[]): void => {
  const { found, app, linksOf } = look;
  const [post] = shown;
  const target = found.messageOf.get(said.answered?.number ?? -1);
  if (message.replyTo === undefined || target?.id !== message.replyTo || !post) return;
  if (post.replyTo !== undefined) {
    const answered = [...linksOf].find(([, links]) =>
      links.some(({ platformId }) => platformId === post.replyTo),
    );
    const ids = [...linksOf]
      .filter(([, links]) => links.some(({ platformId }) => platformId === post.replyTo))
      .map(([id]) => id);
    // What was changed may have left a shared post that was answered before.
    const mayHaveLeft = target.version > 1 || ids.length > 1;
    if (answered && !ids.includes(target.id) && !mayHaveLeft)
      found.wrong(`${describe(said)} answers another post on ${app.name}: ${ids.join()}`);
    return;
  }
  const quoted = tokensIn(textOf(shown)).some(({ utterance }) => utterance === said.answered?.number);
  if (!quoted && target.deletedAt === undefined) {
    const targetLinks = linksOf.get(target.id) ?? [];
    if (
      targetLinks.every(
        ({ platformId }) =>
          look.posts.has(platformId) || look.thread?.messages.some(({ id }) => id === platformId),
      )
    )
      found.wrong(
        `${describe(said)} does not show on ${app.name} what it answers, m${said.answered?.number}: ${textOf(shown)}`,
      );
  }
};

/** The posts that the storage knows stand in the order in which everything was said. */
const checkOrder = ({ found, app, stored, thread, linksOf, deadLetters }: Look): void => {
  const seqOf = new Map<string, number>();
  for (const { id, seq, deletedAt } of stored.messages) {
    if (deletedAt !== undefined || deadLetters.has(`${app.name}/${id}`)) continue;
    for (const { platformId, direction } of linksOf.get(id) ?? []) {
      if (direction === 'out') seqOf.set(platformId, Math.min(seq, seqOf.get(platformId) ?? seq));
    }
  }
  const seqs = (thread?.messages ?? []).flatMap(({ id }) => seqOf.get(id) ?? []);
  if (seqs.join() !== seqs.toSorted((left, right) => left - right).join()) {
    found.wrong(`posts are out of order in ${thread?.id} on ${app.name}: ${seqs.join()}`);
  }
};
