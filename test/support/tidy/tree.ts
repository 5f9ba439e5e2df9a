import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file as the rules of the house see it: its path from the project's root, with `/`, and its text. */
export interface HouseFile {
  readonly path: string;
  readonly text: string;
}

/** What breaks a rule, as `path: what`. */
export type Problem = string;

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const NOT_OURS = ['src/platform/database/generated'];

export function read(path: string): HouseFile {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** Paths of every file below a folder, generated ones left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (NOT_OURS.includes(path)) return [];
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

/** Names of the folders directly below a folder. */
export function foldersIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
