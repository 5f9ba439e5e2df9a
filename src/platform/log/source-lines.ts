import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

// Stacks that name the lines of src and not those of dist. Node does the same with --enable-source-maps, but reads the map of
// every file of every package when it is loaded, and keeps it: 15 MB for what is needed when something has gone wrong.

/** Maps that are kept: a fault that comes again and again passes through a few files. */
const MAPS_KEPT_MAX = 16;

/** Says where in the sources a place in a compiled file is: `path:line:column`, counted from 1. Null when it cannot. */
export type Locate = (file: string, line: number, column: number) => string | null;

/** What of a frame is asked here (V8's CallSite). */
export interface Frame {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  toString(): string;
}

/** From now on the stacks of this process name the sources of what is compiled below `folder`, a file: URL. */
export function nameSourceLines(folder: string): void {
  const locate = locator(folder, (file) => readFileSync(fileURLToPath(`${file}.map`), 'utf8'));
  Error.prepareStackTrace = (error, frames) => stackOf(error, frames, locate);
}

/** A stack as V8 writes it, its places named by `locate`. */
export function stackOf(error: Error, frames: readonly Frame[], locate: Locate): string {
  return [headOf(error), ...frames.map((frame) => `    at ${lineOf(frame, locate)}`)].join('\n');
}

/** Reads the map of a file below `folder` when it is asked about that file for the first time, and keeps a few. */
export function locator(folder: string, readMap: (file: string) => string): Locate {
  const known = new Map<string, SourceMap | null>();
  const mapOf = (file: string): SourceMap | null => {
    const kept = known.get(file);
    if (kept !== undefined) return kept;
    const [oldest] = known.keys();
    if (known.size >= MAPS_KEPT_MAX && oldest !== undefined) known.delete(oldest);
    const map = parsed(() => readMap(file));
    known.set(file, map);
    return map;
  };
  return (file, line, column) => {
    if (!file.startsWith(folder)) return null;
    const entry = mapOf(file)?.findEntry(line - 1, column - 1);
    if (entry === undefined || !('originalSource' in entry)) return null;
    return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  };
}

/** Null when there is none, or none that can be read: the place in the compiled file is good enough then. */
function parsed(read: () => string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(read()));
  } catch {
    return null;
  }
}

/** Somebody's toString may throw, and a stack must not. */
function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function lineOf(frame: Frame, locate: Locate): string {
  const text = frame.toString();
  const file = frame.getFileName();
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (!file || line === null || column === null) return text;
  const place = locate(file, line, column);
  return place === null ? text : text.replace(`${file}:${line}:${column}`, () => place);
}
