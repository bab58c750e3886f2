import { BridgeError, type InboundFile } from '@pocketping/core';
import { type Fields, fieldsOf, textOf } from './content.js';
import type { Slack } from './slack.js';
import type { Transfer } from './transfer.js';

/** What of the files of a message is passed on, and what is not. */
export interface Shared {
  readonly files: readonly InboundFile[];
  /** Where files are that are not in Slack, as the visitor reads it. */
  readonly links: readonly string[];
  /** In words that complete "… cannot be delivered yet". */
  readonly undeliverable?: string;
}

/** @see https://docs.slack.dev/reference/objects/file-object */
export const sharedIn = (message: Fields): Shared => {
  const all = Array.isArray(message.files) ? message.files.map(fieldsOf) : [];
  const files = all.filter((file) => kindOf(file) === 'file').map(fileOf);
  const links = all.filter((file) => kindOf(file) === 'link').map(linkOf);
  const [undeliverable] = all.map(kindOf).flatMap((kind) => (kind in LEFT_OUT ? [LEFT_OUT[kind]] : []));
  return { files, links, ...(undeliverable !== undefined && { undeliverable }) };
};

/** Fetches the files that people share. */
export class TeamFiles {
  constructor(
    private readonly slack: Slack,
    private readonly transfer: Transfer,
  ) {}

  /** @param ref the file's id: where it is, and whether it is there, is asked for each time */
  async fetch(ref: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    if (!FILE_ID.test(ref)) throw new BridgeError('invalid', `"${ref}" is not the id of a Slack file.`);
    const answer = await this.slack.ask((web) => web.files.info({ file: ref }), signal);
    const file = fieldsOf(answer.file);
    if (file.mode === 'tombstone') throw new BridgeError('message_gone', 'The file was deleted in Slack.');
    const url = textOf(file.url_private_download) || textOf(file.url_private);
    if (kindOf(file) !== 'file' || url === '') {
      throw new BridgeError('invalid', 'Slack does not hand over this file.');
    }
    return this.transfer.download(url, textOf(file.mimetype), signal);
  }
}

const FILE_ID = /^[A-Z0-9]{2,32}$/;

type Kind = 'file' | 'link' | 'gone' | 'hidden' | 'forbidden' | 'document';

/** The first one of them is told; of what was deleted nothing has to be. */
const LEFT_OUT: { readonly [kind in Kind]?: string } = {
  hidden: 'Files beyond what the Slack workspace keeps',
  forbidden: 'Files of another organisation',
  document: 'Canvases and lists',
};

const kindOf = (file: Fields): Kind => {
  if (file.file_access === 'access_denied') return 'forbidden';
  if (file.mode === 'tombstone' || file.file_access === 'file_not_found') return 'gone';
  if (file.mode === 'hidden_by_limit') return 'hidden';
  if (file.is_external === true || file.mode === 'external') return 'link';
  // Of a file that another organisation shares in Slack Connect, an event tells nothing but the id.
  if (file.mode === undefined || file.mode === 'hosted' || file.mode === 'snippet') return 'file';
  return 'document';
};

const fileOf = (file: Fields): InboundFile => {
  const name = textOf(file.name) || textOf(file.title);
  const mimeType = textOf(file.mimetype);
  return {
    ref: textOf(file.id),
    ...(name !== '' && { name }),
    ...(mimeType !== '' && { mimeType }),
    ...(typeof file.size === 'number' && { size: file.size }),
  };
};

const linkOf = (file: Fields): string => {
  const url = textOf(file.external_url) || textOf(file.url_private);
  const name = textOf(file.title) || textOf(file.name);
  return name === '' ? url : `${name} (${url})`;
};
