import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Whether a request carries the signature (version 4) that its method, path, query and signed header fields have with this
 * key, be it in `Authorization` or in the query.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export const isSigned = (
  req: IncomingMessage,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
): boolean => {
  const [path = '', query = ''] = (req.url ?? '').split('?', 2) as [string, string?];
  const given = new URLSearchParams(query);
  const claim = given.has('X-Amz-Signature') ? inQuery(given) : inHeader(req);
  const [keyId, date = '', region = '', service = ''] = claim.credential.split('/');
  const signed = claim.signedHeaders.split(';');
  if (keyId !== accessKeyId || !signed.includes('host')) return false;

  const canonical = [
    req.method,
    path,
    [...given]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...signed.map((name) => `${name}:${String(req.headers[name] ?? '').trim()}`),
    '',
    claim.signedHeaders,
    claim.payload,
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const toSign = `AWS4-HMAC-SHA256\n${claim.at}\n${scope}\n${hash}`;
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex') === claim.signature;
};

interface Claim {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly at: string;
  readonly payload: string;
}

const inQuery = (given: URLSearchParams): Claim => ({
  credential: given.get('X-Amz-Credential') ?? '',
  signedHeaders: given.get('X-Amz-SignedHeaders') ?? '',
  signature: given.get('X-Amz-Signature') ?? '',
  at: given.get('X-Amz-Date') ?? '',
  payload: 'UNSIGNED-PAYLOAD',
});

const inHeader = ({ headers }: IncomingMessage): Claim => {
  const part = (name: string) => new RegExp(`${name}=([^, ]+)`).exec(headers.authorization ?? '')?.[1] ?? '';
  return {
    credential: part('Credential'),
    signedHeaders: part('SignedHeaders'),
    signature: part('Signature'),
    at: String(headers['x-amz-date'] ?? ''),
    payload: String(headers['x-amz-content-sha256'] ?? ''),
  };
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As RFC 3986 has it, which is more than JavaScript does. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
