import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
/** Only a hanging test waits so long; what it waits for takes milliseconds. */
const GIVE_UP_MS = 30_000;

/** Waits until `isSo` says yes: for what happens in another process or after a wake-up. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < GIVE_UP_MS; waitedMs += LOOK_EVERY_MS) {
    if (await isSo()) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('it did not come to pass');
}
