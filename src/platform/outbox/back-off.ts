import { BACK_OFF_FIRST_MS, BACK_OFF_MAX_MS } from './limits.js';

/** How long to wait after so many failed attempts (1 or more). No jitter: the relay hands over in batches anyway. */
export function backOffMs(failedAttempts: number): number {
  const doublings = Math.min(Math.max(failedAttempts, 1) - 1, 30);
  return Math.min(BACK_OFF_FIRST_MS * 2 ** doublings, BACK_OFF_MAX_MS);
}
