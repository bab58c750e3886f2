import type { IncomingMessage } from 'node:http';

/** The value of a request's body, for a server that trusts its only client. */
export function readJson(req: IncomingMessage, use: (value: unknown) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () =>
    use(JSON.parse((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString())),
  );
}
