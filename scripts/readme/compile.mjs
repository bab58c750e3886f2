import { join } from 'node:path';
import ts from 'typescript';
import { root, workspaces } from '../workspace.mjs';

/**
 * Type-checks the blocks of READMEs as files of their folders, so that they see what that package has installed, and
 * our own packages' sources. One program for all of them: most of the time goes into reading libraries.
 * @param {{ folder: string, path: string, blocks: import('./blocks.mjs').Block[] }[]} readmes
 * @returns {string[][]} what is wrong with each README, with its lines
 */
export function compile(readmes) {
  const options = settings();
  const virtual = new Map();
  const files = readmes.map(({ folder, path: readme, blocks }) =>
    blocks.map((block) => {
      const path = join(root, folder, `README-${block.line}.${block.language}`);
      virtual.set(path, block.text);
      return { readme, block, path };
    }),
  );
  const program = ts.createProgram([...virtual.keys()], options, hostWith(virtual, options));
  return files.map((ofReadme) => ofReadme.flatMap((file) => complaints(program, file)));
}

function hostWith(virtual, options) {
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists.call(host, path);
  host.getSourceFile = (path, version, ...rest) =>
    virtual.has(path)
      ? ts.createSourceFile(path, virtual.get(path), version, true)
      : getSourceFile.call(host, path, version, ...rest);
  return host;
}

function complaints(program, { readme, block, path }) {
  const file = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    (diagnostic) => {
      const { line } = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      return `${readme}:${block.line + line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
    },
  );
}

function settings() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const base = ts.parseJsonConfigFileContent(config, ts.sys, root).options;
  const paths = {};
  for (const { folder, name } of workspaces().filter((one) => one.folder.startsWith('packages/'))) {
    paths[name] = [join(root, folder, 'src/index.ts')];
    paths[`${name}/*`] = [join(root, folder, 'src/*/index.ts')];
  }
  return {
    ...base,
    // A reader's project is strict, but seldom stricter than that.
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: false,
    verbatimModuleSyntax: false,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    allowJs: true,
    checkJs: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
    paths,
  };
}
