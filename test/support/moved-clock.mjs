// Preloaded into a service whose test says what time it is: its clock is this machine's, moved by the milliseconds that stand in
// the file that MOVED_CLOCK_FILE names. The file is read again and again, so that time passes while the service runs.
import { readFileSync } from 'node:fs';

const file = process.env.MOVED_CLOCK_FILE;
const LOOK_EVERY_MS = 20;

if (file !== undefined) {
  const machineNow = Date.now.bind(Date);
  let movedMs = 0;
  let lookedAt = 0;
  Date.now = () => {
    const now = machineNow();
    if (now - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = now;
      movedMs = Number(readFileSync(file, 'utf8'));
    }
    return now + movedMs;
  };
}
