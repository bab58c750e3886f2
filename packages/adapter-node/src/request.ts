import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WireBody, WireInput } from '@pocketping/http';
import { type ParsedRequest, readBody, streamBody } from './body.js';
import { whenOver } from './response.js';

/** A request of `node:http` as the protocol takes it. */
export class NodeInput implements WireInput {
  readonly method: string;
  readonly path: string;
  readonly query: string;

  /** @param target what of the request's target lies below the mount */
  constructor(
    private readonly req: ParsedRequest,
    private readonly res: ServerResponse,
    target: string,
  ) {
    const mark = target.indexOf('?');
    this.method = req.method ?? 'GET';
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? '' : target.slice(mark + 1);
  }

  get headers(): IncomingHttpHeaders {
    return this.req.headers;
  }

  get remoteAddress(): string | undefined {
    const { socket } = this.req;
    return socket.remoteAddress ?? (isLocal(socket) ? undefined : '0.0.0.0');
  }

  body(maxBytes: number): Promise<WireBody> {
    return readBody(this.req, maxBytes);
  }

  stream(maxBytes: number): ReadableStream<Uint8Array> {
    return streamBody(this.req, maxBytes);
  }

  onGone(run: () => void): void {
    whenOver(this.res, run);
  }
}

/** Whether the connection came in through a Unix socket. Of one that was reset already nobody knows the other end any more. */
const isLocal = (socket: Socket): boolean =>
  typeof (socket as { server?: Server }).server?.address() === 'string';
