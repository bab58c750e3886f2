/** Cryptographically random. */
export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** `length` random bytes as Base64url without padding (RFC 4648 §5). */
export function randomName(from: { randomBytes(length: number): Uint8Array }, length: number): string {
  const binary = String.fromCharCode(...from.randomBytes(length));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
