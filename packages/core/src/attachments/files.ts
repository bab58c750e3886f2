import { LIMITS } from '@pocketping/protocol';
import type { FileStore } from '../ports/index.js';

/** How visitors may bring files. */
export interface UploadOptions {
  /** Bytes of one file, the team's included; 25 MiB by default. */
  readonly maxBytes?: number;
  /** What one visitor may bring within a day, used or not: 250 MiB and 100 files by default. */
  readonly perVisitor?: { readonly bytes?: number; readonly files?: number };
}

/** Where files are, and how much there may be. */
export interface Files {
  readonly store: FileStore;
  readonly maxBytes: number;
  readonly perVisitor: { readonly bytes: number; readonly files: number };
  /** Where the outside world reaches the protocol's mount, without a slash at the end. */
  readonly publicUrl: string | undefined;
}

/** @throws TypeError for options that make no sense */
export const filesOf = (
  store: FileStore | undefined,
  options: UploadOptions,
  publicUrl: string | undefined,
): Files | undefined => {
  const base = publicUrl === undefined ? undefined : publicBase(publicUrl);
  if (!store) return undefined;
  const { maxBytes = LIMITS.attachmentBytes, perVisitor = {} } = options;
  const { bytes = 10 * maxBytes, files = 100 } = perVisitor;
  for (const [name, value] of Object.entries({
    maxBytes,
    'perVisitor.bytes': bytes,
    'perVisitor.files': files,
  })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`uploads.${name} must be a whole number of at least 1, not ${value}`);
  }
  return { store, maxBytes, perVisitor: { bytes, files }, publicUrl: base };
};

const publicBase = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      `publicUrl must be where PocketPing is mounted, e.g. https://www.example.com/pocketping, not ${JSON.stringify(given)}`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
};
