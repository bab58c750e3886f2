import { dirname, join } from 'node:path';
import ts from 'typescript';
import { links } from './markdown.mjs';
import { parsed, typescriptBelow } from './sources.mjs';

/**
 * @typedef {object} Feature a row of docs/features.md
 * @property {string} title
 * @property {readonly string[]} documents which of DOCUMENTS show it
 * @property {boolean} missing it says that something is not there yet
 * @property {readonly string[]} names what is there, in backticks
 * @property {readonly string[]} absent what is not
 * @property {readonly string[]} packages folders of those whose names they are
 * @property {readonly { file: string, titles: readonly string[] }[]} tests
 */

const MARK = '**not yet**';

/** The documents whose features the page lists, as it calls them. */
export const DOCUMENTS = ['Python', 'README', 'Node.js', 'Ruby'];

/** @param {string} page where the text stands, from the root @returns {Feature[]} */
export const features = (markdown, page = 'docs/features.md') =>
  [...markdown.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row]) => row.split(' | '))
    .filter(([first]) => first !== 'feature' && !first.startsWith('---'))
    .map(([title, shownIn, here, shown = '']) => {
      const [present, ...rest] = here.split(MARK);
      return {
        title,
        documents: documentsIn(shownIn),
        missing: rest.length > 0,
        names: codes(present),
        absent: codes(rest.join(MARK)),
        packages: links(here)
          .map(({ target }) => join(dirname(page), target.split('#')[0]))
          .filter((path) => /^packages\/[^/]+$/.test(path)),
        tests: testsIn(shown, page),
      };
    });

const codes = (text) => [...text.matchAll(/`([A-Za-z]\w*)`/g)].map(([, name]) => name);

const documentsIn = (text) => (text === 'all four' ? DOCUMENTS : text.split(', '));

const testsIn = (text, page) =>
  text
    .split('; ')
    .filter(Boolean)
    .map((part) => ({
      file: join(dirname(page), links(part)[0]?.target ?? ''),
      titles: [...part.matchAll(/“([^”]+)”/g)].map(([, title]) => title),
    }));

const known = new Map();

/** What a package exports, and the members of its classes, interfaces and types. @returns {ReadonlySet<string>} */
export function declared(folder) {
  if (!known.has(folder)) known.set(folder, new Set(typescriptBelow(`${folder}/src`).flatMap(declaredIn)));
  return known.get(folder);
}

function declaredIn(path) {
  const names = [];
  for (const statement of parsed(path).statements) {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    )
      for (const { name } of statement.exportClause.elements) names.push(name.getText());
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) names.push(name.getText());
    else if (statement.name) names.push(statement.name.text);
    if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement))
      names.push(...membersOf(statement));
    if (ts.isTypeAliasDeclaration(statement) && ts.isTypeLiteralNode(statement.type))
      names.push(...membersOf(statement.type));
  }
  return names;
}

const membersOf = ({ members }) => members.flatMap(({ name }) => (name ? [name.getText()] : []));

/** The titles of the tests and suites of a file. @returns {ReadonlySet<string>} */
export function titlesIn(path) {
  const titles = new Set();
  const visit = (node) => {
    if (ts.isCallExpression(node) && /^(?:describe|describeWith|it|test)\b/.test(node.expression.getText()))
      for (const given of node.arguments) if (ts.isStringLiteralLike(given)) titles.add(given.text);
    ts.forEachChild(node, visit);
  };
  visit(parsed(path));
  return titles;
}
