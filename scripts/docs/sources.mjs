import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root, workspaces } from '../workspace.mjs';

/** Every TypeScript file that users run: the sources of packages and apps, without their tests. @returns {string[]} */
export const sourceFiles = () =>
  workspaces()
    .filter(({ folder }) => /^(packages|apps)\//.test(folder))
    .flatMap(({ folder }) => typescriptBelow(`${folder}/src`));

/** @returns {string[]} paths; none where there is no such folder */
export const typescriptBelow = (folder) =>
  !existsSync(join(root, folder))
    ? []
    : readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));

/** @returns {ts.SourceFile} */
export const parsed = (path) =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
