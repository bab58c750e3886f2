import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ERROR_STATUS,
  type UploadRequest,
  type UploadResponse,
  type WireAttachment,
} from '@pocketping/protocol';
import { Refusal } from './refusal.js';

/** A request that brought bytes. */
interface Brought {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

interface Kept {
  readonly sessionId: string;
  readonly attachment: WireAttachment;
  bytes?: Buffer;
  complete?: boolean;
  taken?: boolean;
}

/** The routes of files, in memory: announced, brought, completed, taken by a message, and handed out again. */
export class FakeFiles {
  /** Nothing is taken when it is 0. */
  maxBytes = 0;
  /** Where bytes go: here by `PUT`, or by the form of a store elsewhere. */
  store: 'here' | 'elsewhere' = 'here';
  /** The code with which bytes are refused. */
  refuse: keyof typeof ERROR_STATUS | undefined;
  /** Bytes are not answered before this has come to pass. */
  until: Promise<unknown> | undefined;
  readonly brought: Brought[] = [];
  readonly kept = new Map<string, Kept>();

  constructor(private readonly id: (prefix: string) => string) {}

  announce(sessionId: string, { name, mimeType, size }: UploadRequest): UploadResponse {
    if (size > this.maxBytes) throw new Refusal('payload_too_large');
    const id = this.id('att_');
    const status = 'ready' as const;
    const type = mimeType ?? 'application/octet-stream';
    const attachment = { id, name, mimeType: type, size, status, url: `/files/${id}?sig=x` };
    this.kept.set(id, { sessionId, attachment });
    const announced = { attachmentId: id, expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    if (this.store === 'here')
      return { ...announced, uploadUrl: `/uploads/${id}`, method: 'PUT', headers: { 'content-type': type } };
    return { ...announced, uploadUrl: this.bucket, method: 'POST', fields: { key: id, policy: 'p' } };
  }

  /** Set by who knows the address. */
  bucket = '';

  complete(id: string): WireAttachment {
    const kept = this.kept.get(id);
    if (kept?.bytes?.length !== kept?.attachment.size) throw new Refusal('validation_failed');
    kept!.complete = true;
    return kept!.attachment;
  }

  take(sessionId: string, ids: string[] | undefined): WireAttachment[] | undefined {
    return ids?.map((id) => {
      const kept = this.kept.get(id);
      if (!kept?.complete || kept.sessionId !== sessionId) throw new Refusal('validation_failed');
      kept.taken = true;
      return kept.attachment;
    });
  }

  /** A file of the team's. */
  put(name: string, mimeType: string, bytes: Buffer): WireAttachment {
    const id = this.id('att_');
    const attachment = {
      ...{ id, name, mimeType, size: bytes.length },
      status: 'ready' as const,
      url: `/files/${id}?sig=x`,
    };
    this.kept.set(id, { sessionId: '', attachment, bytes });
    return attachment;
  }

  isBytes(path: string): boolean {
    return /^\/(uploads|bucket|files)\b/.test(path);
  }

  async serve(
    path: string,
    request: IncomingMessage,
    bytes: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const { method = '', headers } = request;
    if (method === 'GET') return this.handOut(path, response);
    await this.until;
    const type = headers['content-type'];
    const token = headers.authorization?.replace('Bearer ', '');
    this.brought.push({ method, path, token, type, bytes });
    if (this.refuse) {
      const error = { code: this.refuse, message: this.refuse, requestId: 'req_1' };
      response.writeHead(ERROR_STATUS[this.refuse]).end(JSON.stringify({ error }));
      return;
    }
    if (path.startsWith('/uploads/')) this.kept.get(path.slice('/uploads/'.length))!.bytes = bytes;
    else {
      const form = await new Response(new Uint8Array(bytes), {
        headers: { 'content-type': type! },
      }).formData();
      const file = form.get('file') as File;
      this.kept.get(form.get('key') as string)!.bytes = Buffer.from(await file.arrayBuffer());
    }
    response.writeHead(204).end();
  }

  private handOut(path: string, response: ServerResponse): void {
    const kept = this.kept.get(path.slice('/files/'.length));
    if (!kept?.bytes) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': kept.attachment.mimeType }).end(kept.bytes);
  }
}
