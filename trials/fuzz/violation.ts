/** Something the server must not do, with what it was sent. */
export class Violation extends Error {
  constructor(what: string, sent: readonly Buffer[], heard: string) {
    super(`${what}\n--- sent\n${shown(Buffer.concat(sent).toString('latin1'))}\n--- heard\n${shown(heard)}`);
  }
}

const SHOWN = 3000;

/** With everything that cannot be printed escaped, as in a string literal. */
const shown = (text: string): string => {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} bytes)` : text;
  return cut.replace(/[^\x20-\x7e\n]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
};
