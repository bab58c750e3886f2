import type { UploadCompleteResponse, UploadResponse, WireAttachment } from '@pocketping/protocol';
import { type Api, headers, refusal, type Session } from './api.js';
import { type BytesRequest, bodyOf } from './bytes.js';
import { linkedController } from './clock.js';
import type { Environment } from './environment.js';
import { asPocketPingError } from './errors.js';

/** An upload of which nothing has left for so long will not go on. */
const STALLED_MS = 30_000;

/**
 * Brings one file to where the server wants it: announces it, sends the bytes, and says that they are there. Rejects
 * with a `PocketPingError`.
 */
export async function upload(
  environment: Environment,
  api: Api,
  endpoint: string,
  session: Session,
  file: File,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<WireAttachment> {
  const announced = await api.post<UploadResponse>(
    '/upload',
    { name: file.name, mimeType: file.type || undefined, size: file.size },
    session,
    signal,
  );
  const { uploadUrl, method } = announced;
  const isOurs = uploadUrl.startsWith('/');
  await send(environment, signal, {
    url: isOurs ? endpoint + uploadUrl : uploadUrl,
    method,
    // Elsewhere the token is nobody's business.
    headers: headers(isOurs ? session.token : undefined, announced.headers ?? {}),
    body: bodyOf(announced, file),
    onProgress,
  });
  const { attachment } = await api.post<UploadCompleteResponse>(
    '/upload/complete',
    { attachmentId: announced.attachmentId },
    session,
    signal,
  );
  return attachment;
}

/** However long it takes, as long as it goes on. */
async function send(
  environment: Environment,
  signal: AbortSignal,
  request: Omit<BytesRequest, 'signal'>,
): Promise<void> {
  const controller = linkedController([signal]);
  const wait = () => environment.clock.after(STALLED_MS, controller.abort);
  let cancel = wait();
  let over = false;
  try {
    const response = await environment.sendBytes({
      ...request,
      signal: controller.signal,
      onProgress(part) {
        if (over) return;
        cancel();
        cancel = wait();
        request.onProgress(part);
      },
    });
    if (!response.ok) throw await refusal(response);
  } catch (error) {
    throw asPocketPingError(error);
  } finally {
    over = true;
    cancel();
    controller.release();
  }
}
