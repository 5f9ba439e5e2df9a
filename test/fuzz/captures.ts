import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a real client sent on one connection, cut into PDUs (header included). */
export interface Capture {
  readonly name: string;
  readonly pdus: readonly Buffer[];
}

const headerBytes = 6;

export const capturesFolder = fileURLToPath(new URL('captures/', import.meta.url));

export function readCaptures(folder = capturesFolder): readonly Capture[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.bin'));
  return files.sort().map((name) => ({ name, pdus: cutIntoPdus(readFileSync(`${folder}/${name}`)) }));
}

function cutIntoPdus(bytes: Buffer): readonly Buffer[] {
  const pdus: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + headerBytes + bytes.readUInt32BE(at + 2);
    pdus.push(bytes.subarray(at, end));
    at = end;
  }
  return pdus;
}
