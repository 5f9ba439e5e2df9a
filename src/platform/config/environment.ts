import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Config, readConfig } from './config.js';
import type { Environment } from './parse.js';
import { StartupError } from './startup.error.js';

/** The file's text, or undefined when there is no such file. */
function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StartupError(
      `The settings in ${path} cannot be read: ${error instanceof Error ? error.message : error}.`,
    );
  }
}

/** Settings of a `.env` file under the real environment: what is really set, and not empty, wins. */
export function mergeEnvironments(file: string | undefined, real: Environment): Environment {
  const set = Object.entries(real).filter(([, value]) => value !== undefined && value.trim() !== '');
  return { ...(file === undefined ? {} : parseEnv(file)), ...Object.fromEntries(set) };
}

/** The one place that reads the environment of this process, with `.env` in the working folder under it. */
export function loadConfig(cwd: string = process.cwd()): Config {
  return readConfig(mergeEnvironments(readIfPresent(join(cwd, '.env')), process.env), cwd);
}
