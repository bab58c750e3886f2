import type { Params } from '../telegram/params.js';
import type { Reply } from '../telegram/reply.js';
import { undergo } from '../telegram/undergo.js';
import { PRIVATE, UPLOADS } from './files.js';
import { plain, webhookWords } from './reply.js';
import type { ApiDependencies } from './server.js';

/** What stands for the method where bytes come or go: faults name it so, and so do calls. */
export type Transfer = 'file-upload' | 'file-download';

export const transferAt = ({ pathname }: URL): Transfer | undefined => {
  if (pathname.startsWith(UPLOADS)) return 'file-upload';
  return pathname.startsWith(PRIVATE) ? 'file-download' : undefined;
};

export interface TransferRequest {
  readonly transfer: Transfer;
  readonly url: URL;
  readonly authorization: string | undefined;
  /** The bytes that came, and their type. */
  readonly body: () => Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>;
  readonly signal: AbortSignal;
}

/** Takes a file, or hands one out, or does as the fault that strikes it demands. Never rejects. */
export const transferred = async (api: ApiDependencies, request: TransferRequest): Promise<Reply> => {
  const { transfer, url, signal } = request;
  try {
    const body = transfer === 'file-upload' ? await request.body() : undefined;
    const fault = api.faults.take(transfer);
    const params: Params = { path: url.pathname, ...(body && { length: body.bytes.length }) };
    const [kind] = fault ? [fault.kind].flat() : [];
    api.called({ method: transfer, params, at: api.clock.now(), ...(kind && { fault: kind }) });
    const run = async () => (body ? taken(api, url, body) : handedOut(api, request));
    return await undergo(fault, run, api.clock, signal, webhookWords);
  } catch (error) {
    return plain(String(error), 500);
  }
};

/** Raw, or as the file of a form. @see https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
const taken = async (
  { context }: ApiDependencies,
  { pathname }: URL,
  { bytes, type }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string },
): Promise<Reply> => {
  const isForm = /^multipart\/form-data\b/i.test(type);
  const content = isForm ? await fileIn(bytes, type) : bytes;
  const refused = context.files.take(pathname.slice(UPLOADS.length), content);
  return refused === undefined ? plain(`OK - ${content.length}`, 200) : plain(refused, 400);
};

const fileIn = async (bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Uint8Array<ArrayBuffer>> => {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
};

/** Whoever has no token that may read files is shown where people sign in, with status 200. */
const handedOut = ({ context }: ApiDependencies, { url, authorization }: TransferRequest): Reply => {
  const { state, files } = context;
  const mayRead = state.scopes.includes('files:read') && authorization === `Bearer ${state.secrets.botToken}`;
  if (!mayRead) return plain('<!DOCTYPE html><title>Sign in to Slack</title>', 200);
  const id = /^[^-/]+-(\w+)\//.exec(url.pathname.slice(PRIVATE.length))?.[1] ?? '';
  const file = files.get(id);
  const bytes = files.bytesOf(id);
  if (!file || !bytes) return plain('not found', 404);
  const headers = { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' };
  return { end: 'answer', status: 200, type: file.mimetype, body: bytes, headers };
};
