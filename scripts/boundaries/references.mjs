import ts from 'typescript';
import { nodeGlobals } from './rules.mjs';

/**
 * @typedef {object} Reference
 * @property {number} line counted from 1
 * @property {'import' | 'global'} kind
 * @property {string} name the module's specifier, or the global; `''` where an import's name is computed
 * @property {boolean} typeOnly gone once compiled
 */

/**
 * Everything a source file takes from elsewhere: static and dynamic imports, re-exports, `require`, type imports,
 * triple-slash references, and the uses of Node's globals.
 * @returns {Reference[]}
 */
export function references(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, kind, name, typeOnly = false) =>
    found.push({
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
      kind,
      name,
      typeOnly,
    });

  for (const reference of source.typeReferenceDirectives) {
    const line = source.getLineAndCharacterOfPosition(reference.pos).line + 1;
    found.push({
      line,
      kind: 'import',
      name: reference.fileName === 'node' ? 'node:types' : reference.fileName,
      typeOnly: true,
    });
  }

  const own = declaredNames(source);
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      // `import { type A }` stays behind as `import 'x'`, so only `import type` counts as types.
      add(node, 'import', node.moduleSpecifier.text, node.importClause?.isTypeOnly ?? false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node, 'import', node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(node, 'import', node.argument.literal?.text ?? '', true);
    } else if (ts.isExternalModuleReference(node)) {
      add(node, 'import', literal(node.expression), node.parent.isTypeOnly ?? false);
    } else if (ts.isCallExpression(node) && isImportCall(node)) {
      add(node, 'import', literal(node.arguments[0]));
    }
    if (ts.isIdentifier(node) && nodeGlobals.has(node.text) && !own.has(node.text) && isUse(node)) {
      add(node, 'global', node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const literal = (node) => (node && ts.isStringLiteralLike(node) ? node.text : '');

const isImportCall = ({ expression }) =>
  expression.kind === ts.SyntaxKind.ImportKeyword ||
  (ts.isIdentifier(expression) && expression.text === 'require');

/** A name that stands for itself, or hangs on `globalThis`; not a property's, a member's or a label's. */
function isUse(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && parent.expression.text === 'globalThis';
  }
  if (ts.isQualifiedName(parent) && parent.right === node) return false;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return !('name' in parent && parent.name === node);
}

/** What the file itself names: parameters, variables, functions, imports. Using those uses no global. */
function declaredNames(source) {
  const names = new Set();
  const visit = (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}
