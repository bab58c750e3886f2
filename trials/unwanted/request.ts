import { request } from 'node:http';
import { connect } from 'node:net';

export interface Sent {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  /** A name may occur twice. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /** In pieces, its length untold. */
  readonly chunked?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly allow: string | undefined;
  readonly body: string;
}

/** Sends a request as it is. @throws Error when the connection ends before an answer */
export const send = ({
  port,
  path,
  method = 'POST',
  headers = {},
  body,
  chunked = false,
}: Sent): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { ...headers, ...length } });
    let answered = false;
    outgoing.on('response', (response) => {
      answered = true;
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          allow: response.headers.allow,
          body: Buffer.concat(pieces).toString(),
        }),
      );
    });
    // Who refuses a body may hang up while it is still being sent.
    outgoing.on('error', (error) => answered || reject(error));
    if (body === undefined) outgoing.end();
    else outgoing.end(body);
  });

/** Says less than it announced, and hangs up or goes silent for good. Resolves when the server has let go, with all it said. */
export const breakOff = (
  { port, path, headers = {}, body = '' }: Sent,
  how: 'politely' | 'at once',
): Promise<string> =>
  new Promise((resolve) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const announced = Buffer.byteLength(body) + 100;
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: localhost',
      ...lines,
      `content-length: ${announced}`,
      '',
      '',
    ];
    let said = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(head.join('\r\n') + body, () =>
        how === 'politely' ? socket.end() : socket.resetAndDestroy(),
      );
    });
    socket.on('data', (data) => {
      said += String(data);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
