import type { UploadResponse } from '@pocketping/protocol';

/** A request whose body is long. */
export interface BytesRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Blob | FormData;
  readonly signal: AbortSignal;
  /** Hears how much of the body has left, from 0 to 1. */
  onProgress(part: number): void;
}

/** Sends it by XMLHttpRequest: `fetch` says nothing about a body on its way. Rejects without an answer. */
export const sendBytes = ({
  url,
  method,
  headers,
  body,
  signal,
  onProgress,
}: BytesRequest): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total && loaded / total);
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }));
    request.onerror = request.onabort = reject;
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.send(body);
    if (signal.aborted) abort();
  });

/** What the server wants to have sent where. */
export function bodyOf({ fields }: UploadResponse, file: File): Blob | FormData {
  if (!fields) return file;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  return form;
}
