import { request } from 'node:http';
import type { BytesRequest } from '../../src/client/bytes.js';

const PIECE = 64 * 1024;

/** What XMLHttpRequest does in a browser, over node:http: the body leaves in pieces, and each is told of. */
export async function sendBytes({ body, ...asked }: BytesRequest): Promise<Response> {
  const encoded = new Response(body);
  const bytes = Buffer.from(await encoded.arrayBuffer());
  const type = encoded.headers.get('content-type');
  return new Promise((resolve, reject) => {
    const headers = {
      ...(type && { 'content-type': type }),
      ...asked.headers,
      'content-length': bytes.length,
    };
    const { method, signal } = asked;
    const sending = request(asked.url, { method, headers, signal }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve(new Response(Buffer.concat(chunks).toString() || null, { status: response.statusCode! }));
    });
    sending.on('error', reject);
    const piece = (from: number) => {
      if (from >= bytes.length) return void sending.end();
      sending.write(bytes.subarray(from, from + PIECE), () => {
        asked.onProgress(Math.min(1, (from + PIECE) / bytes.length));
        piece(from + PIECE);
      });
    };
    piece(0);
  });
}
