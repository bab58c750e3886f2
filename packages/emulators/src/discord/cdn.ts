import { createHmac } from 'node:crypto';
import type { StoredFiles } from '../stored-files.js';
import type { Clock } from '../telegram/clock.js';
import type { Reply } from '../telegram/reply.js';
import { DiscordApiError } from './errors.js';
import { refused } from './reply.js';
import type { StoredAttachment } from './state.js';

/** How long an address of a file is good for: Discord signs it for a day. */
const GOOD_FOR_MS = 24 * 60 * 60_000;

/** The route as calls and faults name it. */
export const CDN_ROUTE = 'GET /attachments/{channel}/{attachment}/{filename}';

export interface CdnDependencies {
  readonly files: StoredFiles;
  /** What addresses are signed with. */
  readonly secret: string;
  readonly clock: Clock;
  /** Where it is, as it is then. */
  readonly origin: () => string;
}

/**
 * Where attachments are: whoever has a signed address gets the file, until it expires.
 * @see https://discord.com/developers/docs/reference#signed-attachment-cdn-urls
 */
export class Cdn {
  constructor(private readonly about: CdnDependencies) {}

  keep(attachmentId: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.about.files.keep(attachmentId, bytes);
  }

  forget(attachments: readonly StoredAttachment[]): void {
    for (const { id } of attachments) this.about.files.remove(id);
  }

  /** A fresh address of a file. */
  addressOf(channelId: string, attachment: StoredAttachment): string {
    const { id, filename } = attachment;
    const path = `/attachments/${channelId}/${id}/${encodeURIComponent(filename)}`;
    const now = this.about.clock.now();
    const [expires, issued] = [hex(now + GOOD_FOR_MS), hex(now)];
    const address = `${this.about.origin()}${path}`;
    return `${address}?ex=${expires}&is=${issued}&hm=${this.#signature(path, expires, issued)}&`;
  }

  /** @returns what somebody gets who asks for an address; nothing runs that comes from here */
  answer({ pathname, searchParams }: URL, attachment: StoredAttachment | undefined): Reply {
    const [expires, issued] = [searchParams.get('ex') ?? '', searchParams.get('is') ?? ''];
    const signed = searchParams.get('hm') === this.#signature(pathname, expires, issued);
    const [, , id = ''] = pathname.split('/').slice(1);
    const bytes = this.about.files.read(/^\d+$/.test(id) ? id : '0');
    if (!signed || Number.parseInt(expires, 16) * 1000 <= this.about.clock.now() || !bytes || !attachment) {
      return refused(new DiscordApiError(404, 0, 'This content is no longer available.'));
    }
    const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(attachment.contentType);
    return {
      end: 'answer',
      status: 200,
      type: attachment.contentType,
      body: bytes,
      headers: {
        'content-disposition': isPicture ? 'inline' : 'attachment',
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
      },
    };
  }

  #signature(path: string, expires: string, issued: string): string {
    return createHmac('sha256', this.about.secret).update(`${path} ${expires} ${issued}`).digest('hex');
  }
}

const hex = (ms: number): string => Math.floor(ms / 1000).toString(16);
