import { type Acts, performing, type Screen, type ScreenFile } from '../phone/screen.js';
import type { Change } from './changes.js';
import { shownIn } from './content.js';
import { ApiError } from './errors.js';
import { isMediaKind, photoType } from './media.js';
import { offeredCommands } from './methods/commands.js';
import { Operator, type OperatorName } from './operator.js';
import { integer, type Params, text } from './params.js';
import type { Room } from './room.js';
import type { Rooms } from './rooms.js';
import { type ListedTopic, listedTopic, type PhoneMessage, person, phoneMessage } from './snapshot.js';
import type { MediaKind } from './state.js';
import { toChat } from './wire.js';

/**
 * The phone's screen for a page: `?chat=<id>` puts another chat on it than the forum, `?as=<name>` makes it somebody else's.
 * @returns undefined if there is no such chat
 */
export function screenFor(rooms: Rooms, operator: OperatorName, url: URL): Screen | undefined {
  const chatId = url.searchParams.get('chat');
  const room = chatId === null ? rooms.forum : rooms.get(chatId);
  if (!room) return undefined;
  const { state, chat } = room;
  const as = url.searchParams.get('as')?.trim().slice(0, 64);
  // A private chat is on one person's phone only.
  const name = chat.personId === undefined ? as : state.users.get(chat.personId)?.first_name;
  /** Only now do they become one of the chat's people. */
  const holder = () => new Operator(rooms, name ? { name } : operator, room);
  return {
    hello: () => helloFor(room, holder().user.id),
    topics: () => topicsFor(room, holder().user.id),
    messages: (topicId) => messagesOf(room, topicId),
    perform: (act, input) => performing(acts, holder(), act, input, whyNot),
    files: {
      send: (files, input) =>
        performing(
          { file: (operator: Operator) => sendFiles(operator, files, input) },
          holder(),
          'file',
          input,
          whyNot,
        ),
      get: (id) => fileIn(rooms, room, id),
    },
    follow: (send) => room.changes.listen((change) => tell(room, holder().user.id, change, send)),
  };
}

const acts: Acts<Operator> = {
  type: (operator, input) =>
    operator.type(id(input, 'topicId'), text(input, 'text') ?? '', { replyTo: integer(input, 'replyTo') }),
  edit: (operator, input) => operator.edit(id(input, 'messageId'), text(input, 'text') ?? ''),
  delete: (operator, input) => operator.delete(id(input, 'messageId')),
  photo: (operator, input) => operator.sendPhoto(id(input, 'topicId'), text(input, 'caption') ?? ''),
  close: (operator, input) => operator.closeTopic(id(input, 'topicId')),
  reopen: (operator, input) => operator.reopenTopic(id(input, 'topicId')),
  'delete-topic': (operator, input) => operator.deleteTopic(id(input, 'topicId')),
  read: (operator, input) => operator.read(id(input, 'topicId')),
};

/** Several at once are an album. */
const sendFiles = (operator: Operator, files: readonly ScreenFile[], input: Params): PhoneMessage[] => {
  const options = { caption: text(input, 'caption'), replyTo: integer(input, 'replyTo') };
  const sent = files.map(({ kind, ...file }) => ({ ...file, kind: kindNamed(kind) }));
  const [first, ...others] = sent;
  return first && others.length === 0
    ? [operator.sendFile(id(input, 'topicId'), first, options)]
    : operator.sendAlbum(id(input, 'topicId'), sent, options);
};

const kindNamed = (kind: string | undefined): MediaKind | undefined => {
  if (kind === undefined || isMediaKind(kind)) return kind;
  throw new Error(`there is no kind of file called ${kind}`);
};

/** A file of this chat; those of others are not on this phone. */
const fileIn = (rooms: Rooms, room: Room, id: string): ScreenFile | undefined => {
  const file = [...room.chat.messages.values()]
    .map((message) => phoneMessage(room, message).file)
    .find((each) => each?.id === id);
  const bytes = file && rooms.files.bytesOf(id);
  if (!file || !bytes) return undefined;
  return {
    name: file.name,
    mimeType: file.isPhoto ? photoType(bytes) : file.mimeType,
    bytes: new Uint8Array(bytes),
  };
};

const whyNot = (error: unknown): string => {
  if (error instanceof ApiError) return error.description;
  return error instanceof Error ? error.message : String(error);
};

/** The list of topics, General included, as one person sees it; General alone in a chat without topics. */
const topicsFor = (room: Room, userId: number): ListedTopic[] =>
  [...room.chat.topics.keys()]
    .flatMap((id) => room.topic(id) ?? [])
    .map((topic) => listedTopic(room, topic, userId));

const messagesOf = (room: Room, topicId: number): PhoneMessage[] =>
  room.messagesOf(topicId).map((message) => phoneMessage(room, message));

const helloFor = (room: Room, userId: number) => ({
  chat: toChat(room),
  me: person(room.state, userId),
  bot: person(room.state, room.bot.id),
  topics: topicsFor(room, userId),
  commands: offeredCommands(room),
  files: true,
});

function tell(
  room: Room,
  userId: number,
  change: Change,
  send: (event: string, content: unknown) => void,
): void {
  const sendTopic = (topicId: number): void => {
    const topic = room.chat.topics.get(topicId);
    if (topic) send('topic', listedTopic(room, topic, userId));
  };
  if ('chatId' in change && change.chatId !== room.chat.id) return;
  switch (change.type) {
    case 'message':
      send('message', phoneMessage(room, change.message));
      sendTopic(shownIn(room, change.message));
      break;
    case 'topic':
      sendTopic(change.topic.id);
      break;
    case 'action': {
      const { topicId, user, action } = change;
      send('action', { topicId, from: person(room.state, user.id), action });
      break;
    }
    case 'read':
      if (change.userId === userId) sendTopic(change.topicId);
      break;
    case 'chat':
      send('hello', helloFor(room, userId));
      break;
    case 'commands':
      send('commands', offeredCommands(room));
  }
}

function id(input: Params, name: string): number {
  const value = integer(input, name);
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}
