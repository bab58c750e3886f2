import type { Bridge } from '@pocketping/core';
import type { MediaSample, mediaSamples } from './samples.js';

/** A platform with a bridge to it, and people who send each other files. */
export interface MediaPlatform {
  /** Not started yet. */
  readonly bridge: Bridge;
  /** Whether the conversation has come so far that somebody of the team can answer in it. */
  isReady(): boolean;
  /** The files that the bridge has posted in the conversation, in the order in which people see them. */
  posted(): Promise<readonly PostedFile[]>;
  close(): Promise<void>;
}

/** A file as the team gets it. */
export interface PostedFile {
  readonly form: string;
  /** Absent where the platform shows none. */
  readonly name?: string;
  readonly bytes: Uint8Array;
}

/** A way in which people of the team send something, and what the visitor gets of it. */
export interface TeamMedia<Platform> {
  /** E.g. `a voice message`. */
  readonly kind: string;
  /** Somebody sends it in the conversation. */
  send(platform: Platform): unknown;
  /** The visitor's messages, in order: what each says, and its files. */
  readonly arrives: readonly (readonly [content: string, ...files: readonly ArrivingFile[]])[];
}

/** The bytes of a sample; the name and the type where they are not the sample's own. */
export interface ArrivingFile extends Pick<MediaSample, 'bytes'> {
  readonly name: string;
  readonly mimeType: string;
}

export interface MediaContract<Platform extends MediaPlatform> {
  /** Names the suite, e.g. `Telegram`. */
  readonly name: string;
  /** Called for every test. */
  create(): Promise<Platform>;
  /** Every kind of file that people can send there. */
  readonly team: readonly TeamMedia<Platform>[];
  /** As what each kind of a visitor's file stands there, in the platform's own words. */
  readonly visitor: Readonly<Record<keyof typeof mediaSamples, string>>;
}
