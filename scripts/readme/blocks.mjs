/**
 * @typedef {object} Block
 * @property {number} line of its first line of code in the README, from 1
 * @property {'ts' | 'js'} language
 * @property {boolean} run whether the README promises that it runs and ends by itself
 * @property {string} text
 */

const fence = /^```(ts|js|typescript|javascript)\b([^\n]*)\n(.*?)^```/gms;

/**
 * The TypeScript and JavaScript of a README. Each block stands alone; one marked `continues` goes on where the
 * block before it stopped, and the two count as one. One marked `run` is executed.
 * @returns {Block[]}
 */
export function blocks(markdown) {
  const found = [];
  for (const match of markdown.matchAll(fence)) {
    const [whole, language, words, text] = match;
    const line = markdown.slice(0, match.index).split('\n').length + 1;
    const marks = words.split(/\s+/);
    const before = found.at(-1);
    if (marks.includes('continues') && before) {
      // Blank lines keep the numbers of errors those of the README.
      before.text += '\n'.repeat(line - before.line - (before.text.split('\n').length - 1)) + text;
      before.run ||= marks.includes('run');
    } else if (marks.includes('continues')) {
      throw new Error(`line ${line} continues nothing: ${whole.split('\n')[0]}`);
    } else {
      found.push({
        line,
        language: language.startsWith('t') ? 'ts' : 'js',
        run: marks.includes('run'),
        text,
      });
    }
  }
  return found;
}
