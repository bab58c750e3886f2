import type { IncomingMessage } from 'node:http';
import { BODY_LIMIT, readBody } from '../telegram/body.js';
import { isObject } from '../telegram/params.js';
import type { UploadedFile } from './attachments.js';
import { badJson } from './errors.js';

/** What a request brings: its fields, and files. */
export interface RequestBody {
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedFile[];
}

/** Bytes of a body with files that are read: more than Discord takes, so that it can say that it is too much. */
const FORM_LIMIT = 64 * 1024 * 1024;

/** @throws DiscordApiError for a body that cannot be read */
export const bodyOf = async (request: IncomingMessage): Promise<RequestBody> => {
  const type = request.headers['content-type'] ?? '';
  const isForm = /^multipart\/form-data\b/i.test(type);
  const bytes = await readBody(request, isForm ? FORM_LIMIT : BODY_LIMIT);
  if (bytes.length === 0) return { body: {}, files: [] };
  return isForm ? formFrom(bytes, type) : { body: jsonFrom(bytes.toString('utf8')), files: [] };
};

/** @see https://discord.com/developers/docs/reference#uploading-files */
const formFrom = async (bytes: Buffer, type: string): Promise<RequestBody> => {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData().catch(() => {
    throw badJson();
  });
  let body: Readonly<Record<string, unknown>> = {};
  const files: UploadedFile[] = [];
  for (const [field, value] of form) {
    if (typeof value === 'string') {
      body = field === 'payload_json' ? { ...body, ...jsonFrom(value) } : { ...body, [field]: value };
      continue;
    }
    const placeholder = /^files\[(\d+)\]$/.exec(field)?.[1] ?? String(files.length);
    const content = new Uint8Array(await value.arrayBuffer());
    files.push({ placeholder, name: value.name, type: value.type, bytes: content });
  }
  return { body, files };
};

const jsonFrom = (source: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw badJson();
  }
  if (!isObject(value)) throw badJson();
  return value;
};
