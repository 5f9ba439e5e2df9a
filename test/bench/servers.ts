import type { Item } from './items.js';
import type { Target } from './lean-client.js';

/** The name of Facet and of both peers on the network, and of wlmscpfs's folder. */
export const CALLED_AE_TITLE = 'FACET';
export const CALLING_AE_TITLE = 'BENCH';

export type ServerName = 'facet' | 'wlmscpfs' | 'orthanc';

/** A worklist server under measurement. */
export interface Server {
  readonly name: ServerName;
  readonly version: string;
  readonly target: Target;
  readonly pid: number;
  /** Gives it further items, while it runs. */
  add(items: readonly Item[]): Promise<void>;
  /** What it has printed so far. */
  output(): string;
}

/** Remembers what must be undone at the end of the run, however it ends. */
export type AtTheEnd = (undo: () => Promise<void>) => void;

export function targetOn(port: number): Target {
  return { port, calledAETitle: CALLED_AE_TITLE, callingAETitle: CALLING_AE_TITLE };
}
