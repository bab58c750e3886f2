import { Busboy } from '@fastify/busboy';
import { ApiError, badRequest } from './errors.js';
import { UPLOAD_LIMIT, type Upload } from './uploads.js';

/**
 * The fields and the files of a multipart body. The runtime's own `formData()` would not do: it takes nothing but what
 * browsers send, and grammY writes its headers without the spaces and the quotes of those, which the platform accepts.
 * @throws ApiError 413 for a file that is too large, 400 for what cannot be read
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */
export const multipart = (
  body: Buffer,
  type: string,
): Promise<{ fields: Record<string, string>; uploads: Map<string, Upload> }> =>
  new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    const uploads = new Map<string, Upload>();
    const unreadable = () => reject(badRequest("can't parse the body of the request"));
    const parser = startedParser(type);
    if (!parser) return unreadable();
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (field, stream, name, _encoding, mimeType) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => reject(new ApiError(413, 'Request Entity Too Large')));
      stream.on('error', unreadable);
      stream.on('end', () => uploads.set(field, { name, mimeType, bytes: Buffer.concat(chunks) }));
    });
    parser.on('finish', () => resolve({ fields, uploads }));
    parser.on('error', unreadable);
    parser.end(body);
  });

const startedParser = (type: string): InstanceType<typeof Busboy> | undefined => {
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: { fileSize: UPLOAD_LIMIT } });
  } catch {
    return undefined;
  }
};
