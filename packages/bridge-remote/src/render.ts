import type { Actor, EventNote, MessageNote, Note, NoteAttachment, Part, Quote } from '@pocketping/core';
import {
  actorName,
  between,
  eventCount,
  eventJson,
  eventName,
  fileSize,
  ICONS,
  iconOf,
  isBlank,
  messagesIn,
  NAME_LENGTH,
  NOTHING_VISIBLE,
  oneLine,
  QUOTE_LENGTH,
  readable,
  shortened,
  split,
  textOf,
} from '@pocketping/core/rendering';
import { eventData, LIMITS, eventName as wireEventName } from '@pocketping/protocol';
import { markupOf, type Speaker, type TeamSender } from './deed.js';

/**
 * A note as what the server is told. Its bridges give it the form that their platforms need: a part holds words, who says
 * them and how they are meant. Nothing of what the server itself shows of a session: its card, and that it is closed.
 */
export const render = (note: Note): Part[] => {
  switch (note.kind) {
    case 'message':
    case 'messages':
      return messagesIn(note).flatMap(partsOfMessage);
    case 'departure':
      return [{ markup: markupOf({ type: 'session_ended' }), plain: 'The visitor ended the conversation.' }];
    case 'recap':
      return noticeOf(recapText(note.messages));
    case 'notice':
      return noticeOf(readable(note.text));
    case 'event':
      return [eventPart(note)];
    // The server makes these of what it is told by `open`, `titles` and `closing`.
    case 'card':
    case 'identity':
    case 'closed':
    case 'reopened':
      return [];
  }
};

/** Bytes of the largest file that the server takes, unless its settings say less, and of the smallest one. */
export const FILE_BYTES = LIMITS.attachmentBytes;

const isTaken = ({ status, size }: NoteAttachment): boolean =>
  status === 'ready' && size > 0 && size <= FILE_BYTES;

/** Each file for itself, then the words; of a reply, the first says what it answers. */
const partsOfMessage = (note: MessageNote): Part[] => {
  const { attachments = [], content } = note;
  const speaker = speakerOf(note);
  const taken = attachments.filter(isTaken);
  const files = taken.map((file, at): Part => {
    const caption = at === 0 ? quoteText(note) : '';
    return {
      file,
      markup: markupOf({ type: 'said', speaker, content: caption }),
      plain: `${caption}${fileText(file)}`,
    };
  });
  const untaken = attachments.filter((each) => !isTaken(each)).map(fileText);
  const words = isBlank(content) ? [] : [readable(content)];
  const lines = [...words, ...untaken];
  if (lines.length === 0 && files.length > 0) return files;
  const text = lines.length > 0 ? lines.join('\n') : NOTHING_VISIBLE;
  const quote = files.length > 0 ? '' : quoteText(note);
  return [...files, ...inPieces(quote + text).map((piece) => said(note, speaker, piece))];
};

const said = (note: MessageNote, speaker: Speaker, content: string): Part => ({
  markup: markupOf({ type: 'said', speaker, content }),
  plain: note.author.kind === 'visitor' ? content : `${speakerText(note)}\n${content}`,
});

const noticeOf = (text: string): Part[] =>
  inPieces(isBlank(text) ? NOTHING_VISIBLE : text).map((piece) => ({
    markup: markupOf({ type: 'notice', text: piece }),
    plain: piece,
  }));

/** What the server takes at once is far more than what people write. */
const inPieces = (text: string): string[] =>
  split(text, LIMITS.siteContentLength).map(({ start, end }) => textOf(between([{ text }], start, end)));

const speakerOf = ({ author, audience }: MessageNote): Speaker => {
  if (author.kind === 'visitor') return { sender: 'visitor' };
  return {
    sender: SENDERS[author.kind],
    senderName: nameOf(author),
    ...(audience === 'team' && { isNote: true }),
  };
};

const SENDERS: Readonly<Record<Exclude<Actor['kind'], 'visitor'>, TeamSender>> = {
  operator: 'operator',
  ai: 'ai',
  apiKey: 'operator',
  system: 'system',
};

type Speech = Pick<Quote, 'author' | 'audience'>;

const speakerText = (speech: Speech): string => {
  const { author, audience } = speech;
  const name = nameOf(author);
  return `${iconOf(speech)} ${audience === 'team' ? `Private note by ${name}` : name}`;
};

/** Who somebody is and, unless it is the visitor, where they write. */
const nameOf = (author: Actor): string => {
  const via = author.kind === 'visitor' ? '' : shortened(oneLine(author.via ?? ''), NAME_LENGTH);
  return `${actorName(author)}${via === '' ? '' : ` via ${via}`}`;
};

/** What a message answers, where the server does not know that message by the name it has here. */
const quoteText = ({ replyTo }: MessageNote): string => {
  if (!replyTo || replyTo.native) return '';
  const { author, content, audience } = replyTo;
  const name = `${audience === 'team' ? `${ICONS.private} Private note by ` : ''}${nameOf(author)}`;
  return `> ${shortened(`${name}: ${oneLine(content) || NOTHING_VISIBLE}`, QUOTE_LENGTH)}\n`;
};

/** What the wire does not hold, and what stands for several, is told in words. */
const eventPart = (note: EventNote): Part => {
  const { name, data, count = 1, sessionId } = note;
  const json = eventJson(note);
  const plain = [
    `${ICONS.event} ${eventName(note)}${eventCount(note)}`,
    ...(json === undefined ? [] : [readable(json)]),
    `🆔 ${sessionId}`,
  ].join('\n');
  const event = { name, ...(data !== undefined && { data }) };
  const isWhole = count === 1 && wireEventName.safeParse(name).success && eventData.safeParse(data).success;
  return {
    markup: markupOf(isWhole ? { type: 'custom_event', event } : { type: 'notice', text: plain }),
    plain,
  };
};

const recapText = (messages: readonly Quote[]): string =>
  [
    `${ICONS.recap} What was said before`,
    ...messages.map((quote) => {
      const words = isBlank(quote.content) ? NOTHING_VISIBLE : readable(quote.content);
      return `${speakerText(quote)}: ${words}`;
    }),
  ].join('\n');

/** A file that people have to get elsewhere. */
const fileText = ({ name, size, status, link }: NoteAttachment): string => {
  const about = [
    `📎 ${shortened(oneLine(name), FILE_NAME_LENGTH)}`,
    ...(size > 0 ? [fileSize(size)] : []),
    ...(status === 'failed' ? ['could not be fetched'] : []),
    ...(link === undefined ? [] : [link]),
  ];
  return about.join(' · ');
};

/** Characters of a file's name that a line shows. */
const FILE_NAME_LENGTH = 100;
