import type { WireAttachment, WireMessage } from '@pocketping/protocol';

/** Files of one message (protocol `LIMITS.attachments`). */
export const MOST_FILES = 10;

/** Where a file is to be had; undefined where that is nowhere a browser should be sent to. */
export function attachmentUrl(endpoint: string, { url = '' }: WireAttachment): string | undefined {
  if (url.startsWith('/')) return endpoint + url;
  return /^https?:/i.test(url) ? url : undefined;
}

/** The message for somebody who does not know the endpoint. */
export function withAbsoluteUrls(endpoint: string, message: WireMessage): WireMessage {
  const { attachments } = message;
  return attachments
    ? { ...message, attachments: attachments.map((file) => absolute(endpoint, file)) }
    : message;
}

const absolute = (endpoint: string, file: WireAttachment): WireAttachment => {
  const { url: _, ...others } = file;
  const url = attachmentUrl(endpoint, file);
  return url ? { ...others, url } : others;
};
