import { BridgeError } from '@pocketping/core';

/** Where a file is to be found: in which message, which stands in which channel or thread. */
export interface FileRef {
  readonly channelId: string;
  readonly messageId: string;
  readonly id: string;
}

/** A file's address expires, so what is kept is where Discord tells a new one. */
export const refOf = ({ channelId, messageId, id }: FileRef): string => `${channelId}/${messageId}/${id}`;

/** @throws BridgeError `invalid` for what is no reference of ours */
export const fileAt = (ref: string): FileRef => {
  const [, channelId, messageId, id] = /^(\d{1,20})\/(\d{1,20})\/(\d{1,20})$/.exec(ref) ?? [];
  if (channelId === undefined || messageId === undefined || id === undefined) {
    throw new BridgeError('invalid', `"${ref}" is not a file of Discord.`);
  }
  return { channelId, messageId, id };
};
