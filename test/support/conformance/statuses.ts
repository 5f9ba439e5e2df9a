import { readFileSync } from 'node:fs';
import { statuses } from '../../../src/dicom/dimse/index.js';
import { hex, table } from './markdown.js';

// What the conformance statement says of statuses, read from the services that answer with them.

/** Statuses that a file of the services says, by the name that `statuses` has for them. */
function statusesIn(...files: readonly string[]): ReadonlySet<number> {
  const named = files.flatMap((file) => {
    const text = readFileSync(new URL(`../../../src/dicom/services/${file}`, import.meta.url), 'utf8');
    return [...text.matchAll(/\bstatuses[.](\w+)/g)].map((match) => match[1] ?? '');
  });
  const codes = new Map<string, number>(Object.entries(statuses));
  return new Set(named.map((name) => codes.get(name) ?? Number.NaN));
}

/** What each service can answer; every service shares the refusals of a message that is not for it. */
export const statusesOf = {
  verification: statusesIn('verification.scp.ts', 'service.ts'),
  worklist: statusesIn('worklist.scp.ts', 'service.ts'),
  performedSteps: statusesIn('performed-step.scp.ts', 'performed-step-rules.ts', 'service.ts'),
} as const;

function answered(): string {
  const said = (codes: ReadonlySet<number>, code: number) => (codes.has(code) ? 'yes' : '');
  const rows = Object.entries(statuses)
    .filter(([, code]) => Object.values(statusesOf).some((codes) => codes.has(code)))
    .sort(([, a], [, b]) => a - b)
    .map(([name, code]) => [
      hex(code),
      inWords(name),
      said(statusesOf.verification, code),
      said(statusesOf.worklist, code),
      said(statusesOf.performedSteps, code),
    ]);
  return table(['Status', 'Meaning', 'Verification', 'Worklist', 'MPPS'], rows);
}

/** `identifierDoesNotMatchSOPClass` is "identifier does not match SOP class". */
function inWords(name: string): string {
  return name
    .replace(/SOP([A-Z])/g, ' SOP $1')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (word.toUpperCase() === 'SOP' ? 'SOP' : word.toLowerCase()))
    .join(' ');
}

export function statusPassages(): Readonly<Record<string, string>> {
  return { statuses: answered() };
}
