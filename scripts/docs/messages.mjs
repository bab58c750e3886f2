import ts from 'typescript';
import { parsed, sourceFiles } from './sources.mjs';

/** So much of a message has to stand in the source as it is: less would be found in nearly any sentence. */
const LETTERS = 16;

/** What is computed and longer than that is no name or number, but a sentence, which has to stand somewhere itself. */
const LONGEST_VALUE = 60;

/**
 * What the code can say: each text of its sources, as a pattern in which whatever is computed may be anything.
 * @returns {RegExp[]}
 */
export function sayings(files = sourceFiles()) {
  return files.flatMap((path) => sayingsOf(parsed(path)));
}

/** Whether the code can say it, as it stands. @param {readonly RegExp[]} sayings @returns {boolean} */
export const isSaid = (message, sayings) =>
  sayings.some((pattern) => {
    const [, ...values] = pattern.exec(message) ?? [undefined, undefined];
    return values.every(
      (value) => value !== undefined && (value.length <= LONGEST_VALUE || isSaid(value, sayings)),
    );
  });

/** @param {ts.SourceFile} file */
export function sayingsOf(file) {
  const found = [];
  const visit = (node) => {
    const pieces = piecesOf(node);
    if (!pieces) return ts.forEachChild(node, visit);
    if (pieces.join('').length >= LETTERS) found.push(patternOf(pieces));
    // What is computed may be a text, too.
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The parts of a text that stand in the source, in order, or undefined for what is no text. */
function piecesOf(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [piecesOf(node.left), piecesOf(node.right)];
    if (!left && !right) return undefined;
    const [before, after] = [left ?? ['', ''], right ?? ['', '']];
    return [...before.slice(0, -1), `${before.at(-1)}${after[0]}`, ...after.slice(1)];
  }
  return undefined;
}

const patternOf = (pieces) => new RegExp(`^${pieces.map(escaped).join('(.+?)')}$`, 's');

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
