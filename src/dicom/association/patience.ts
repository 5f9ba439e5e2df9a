// PS3.8 §9.2 has one timer, ARTIM, for the ends of an association. This is ours for its middle.
import { type AbortCause, abortCauses } from './aborts.js';
import type { AssociationLimits } from './limits.js';

/** For the rest of a message, for the next message, or for nothing that the peer owes us. */
export type Wait = 'message' | 'idle' | 'none';

/** Waits for one thing at a time, and says when it has taken too long. */
export class Patience {
  private timer: NodeJS.Timeout | undefined;
  private wait: Wait = 'none';

  constructor(
    private readonly limits: Pick<AssociationLimits, 'messageMs' | 'idleMs'>,
    private readonly onOverdue: (cause: AbortCause) => void,
  ) {}

  /** Goes on with the wait that there is; begins anew when it is another. */
  watch(wait: Wait): void {
    if (wait !== this.wait) this.begin(wait);
  }

  begin(wait: Wait): void {
    clearTimeout(this.timer);
    this.wait = wait;
    if (wait === 'none') return;
    const { messageMs, idleMs } = this.limits;
    const cause = wait === 'message' ? abortCauses.messageTooSlow : abortCauses.idleTooLong;
    this.timer = setTimeout(() => this.onOverdue(cause), wait === 'message' ? messageMs : idleMs);
  }
}
