import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** All files below a folder, or the file itself, as paths relative to `root`, in a fixed order. */
export function filesIn(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  const names = readdirSync(full).sort();
  return names.flatMap((name) => filesIn(root, `${path}/${name}`));
}

/** One hash over names and contents: times differ from clone to clone, and contents do not. */
export function hashFiles(root, paths, extra = '', keep = () => true) {
  const hash = createHash('sha256').update(extra);
  for (const file of paths.flatMap((path) => filesIn(root, path)).filter(keep)) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
